// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How near the accelerator comes to its ceilings. */
@Engines
final class CeilingTest {
    private final EngineKind engine;

    CeilingTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void aLargeLayerReachesItsCeiling() {
        int size = engine == EngineKind.ICARUS ? 1024 : 4096; // on Icarus, minutes instead of an hour
        try (Device device = open(Machine.standard())) {
            Product.Outcome outcome =
                    Product.random(1, WeightFormat.INT4, size, size, 128, 1).run(device);
            assertThat((double) outcome.ceiling().cycles() / outcome.counters().cycles())
                    .isGreaterThan(0.95);
        }
    }

    /** The regions of a token of stories260K, whose sizes are the only thing of it that matters here. */
    @ParameterizedTest
    @CsvSource({"128, 0.70", "256, 0.55"})
    void aTokenOfASmallModelComesNearItsCeiling(int busBits, double least) {
        Machine s = Machine.standard();
        Machine machine =
                new Machine(s.engine(), new Bus(Bus.Kind.AXI4, busBits, 32, 64, 4), s.buffers(), s.queueDepth(), true);
        long cycles = 0;
        long ceiling = 0;
        try (Device device = open(machine)) {
            int layers = 5;
            int[][] regions = {{128, 64}, {64, 64}, {344, 64}, {64, 172}};
            for (int[] region : regions) {
                var outcome = Product.random(2, WeightFormat.INT4, region[0], region[1], 32, 1)
                        .run(device);
                cycles += layers * outcome.counters().cycles();
                ceiling += layers * outcome.ceiling().cycles();
            }
            var head = Product.random(3, WeightFormat.INT8, 512, 64, 0, 1).run(device);
            cycles += head.counters().cycles();
            ceiling += head.ceiling().cycles();
        }
        System.out.printf("stories260K token, %d-bit bus: %.1f %% of its ceiling%n", busBits, 100.0 * ceiling / cycles);
        assertThat((double) ceiling / cycles).isGreaterThan(least);
    }

    private Device open(Machine machine) {
        return SimulatedDevice.open(machine, engine, MemoryConfig.of(64 << 20, 40))
                .device();
    }
}
