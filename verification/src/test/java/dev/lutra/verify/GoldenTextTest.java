// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.runtime.device.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The last step of the ladder on the embedded engine: the first tokens of one text of each model. */
class GoldenTextTest {

    private static Device device;

    @BeforeAll
    static void open() {
        device = Device.open("sim:embedded");
    }

    @AfterAll
    static void close() {
        device.close();
    }

    @ParameterizedTest
    @EnumSource(GoldenText.class)
    void writesWhatTheReferenceWrites(GoldenText text) {
        text.writesWhatTheReferenceWrites(device, GoldenText.PROMPTS.subList(0, 1), 8);
    }
}
