// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Outside programs on the PATH. */
final class Programs {

    private Programs() {}

    /** Where a program is; null if it is not on the PATH. */
    static @Nullable String find(String program) {
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return null;
    }
}
