// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checkpoints and reference outputs that are not part of this repository; the environment variable LUTRA_TEST_DATA says where they are. */
public final class SharedModels {
    private SharedModels() {}

    /** A directory below {@code models}, or the test is skipped with the reason. */
    public static Path directory(String model) {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no shared checkpoints to test with");
        Path directory = Path.of(root, "models", model);
        assumeTrue(Files.isDirectory(directory), directory + " is missing: no shared checkpoint to test with");
        return directory;
    }
}
