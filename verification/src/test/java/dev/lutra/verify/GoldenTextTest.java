// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The last step of the ladder: on Verilator five texts of up to 64 tokens from each model (one with products with the cache), on the others the beginning of one. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR})
class GoldenTextTest {
    private static final Map<EngineKind, Device> DEVICES = new EnumMap<>(EngineKind.class);

    private final EngineKind engine;

    GoldenTextTest(EngineKind engine) {
        this.engine = engine;
    }

    @AfterAll
    static void close() {
        DEVICES.values().forEach(Device::close);
        DEVICES.clear();
    }

    @ParameterizedTest
    @EnumSource(GoldenText.class)
    void writesWhatTheReferenceWrites(GoldenText text) {
        Device device = DEVICES.computeIfAbsent(engine, kind -> Device.open("sim:" + kind));
        // products with the cache take as long as all else: one text of them, beyond a page of positions
        boolean cache = text == GoldenText.STORIES_W4_G32_KV8;
        switch (engine) {
            case VERILATOR ->
                text.writesWhatTheReferenceWrites(device, GoldenText.PROMPTS.subList(0, cache ? 1 : 5), 64);
            case EMBEDDED -> text.writesWhatTheReferenceWrites(device, GoldenText.PROMPTS.subList(0, 1), cache ? 3 : 8);
            case ICARUS -> text.writesWhatTheReferenceWrites(device, GoldenText.PROMPTS.subList(1, 2), 2);
        }
    }
}
