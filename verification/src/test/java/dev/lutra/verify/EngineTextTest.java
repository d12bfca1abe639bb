// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both models on every engine: the text is the reference's, token for token, and every accumulator on the way equal. */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "deep runs only")
@Engines(EngineKind.EMBEDDED)
class EngineTextTest {
    private final EngineKind engine;

    EngineTextTest(EngineKind engine) {
        this.engine = engine;
    }

    static List<EngineSetup> setups() {
        return EngineSetup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void writesWhatTheReferenceWrites(EngineSetup setup) {
        MemoryConfig memory = MemoryConfig.of(16 << 20, 40);
        try (Device device =
                SimulatedDevice.open(setup.machine(), engine, memory).device()) {
            int tokens = switch (engine) {
                case VERILATOR -> 64;
                case EMBEDDED -> 16;
                case ICARUS -> 1;
            };
            for (GoldenText model : List.of(GoldenText.STORIES_W4_G32, GoldenText.POCKET_BITNET_TERNARY)) {
                model.writesWhatTheReferenceWrites(
                        device, setup.quantization(), GoldenText.PROMPTS.subList(1, 2), tokens);
            }
        }
    }
}
