// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Outside programs that a test needs. */
public final class Tools {
    private Tools() {}

    /** Skips the test, saying why, unless all programs are on the PATH. */
    public static void assumePresent(String... programs) {
        for (String program : programs) {
            boolean found = false;
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                found |= Files.isExecutable(Path.of(folder, program));
            }
            assumeTrue(found, program + " is not installed");
        }
    }
}
