// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.runtime.device.Device;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The last step of the ladder on Verilator: five texts of up to 64 tokens from each model. */
class GoldenTextIT {

    private static Device device;

    @BeforeAll
    static void open() {
        for (String program : List.of("verilator", "g++")) {
            boolean found = false;
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                found |= Files.isExecutable(Path.of(folder, program));
            }
            assumeTrue(found, program + " is not installed");
        }
        device = Device.open("sim:verilator");
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    @ParameterizedTest
    @EnumSource(GoldenText.class)
    void writesWhatTheReferenceWrites(GoldenText text) {
        text.writesWhatTheReferenceWrites(device, GoldenText.PROMPTS, 64);
    }
}
