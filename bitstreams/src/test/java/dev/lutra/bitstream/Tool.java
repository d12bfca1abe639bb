// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Programs from outside that a test runs. */
final class Tool {
    private Tool() {}

    /** Skips the test and says why, if one is missing. */
    static void need(List<String> names) {
        for (String name : names) {
            boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
            assumeTrue(found, name + " is not installed");
        }
    }

    /** Runs one; what it prints on its standard output is in the file returned. */
    static Path run(Path directory, List<String> words) throws IOException, InterruptedException {
        Path out = directory.resolve(words.get(0) + ".out");
        Path err = directory.resolve(words.get(0) + ".err");
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).as(() -> words + "\n" + text(err)).isZero();
        return out;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
