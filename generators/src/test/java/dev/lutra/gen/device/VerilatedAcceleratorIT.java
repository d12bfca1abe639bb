// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.gen.Tools;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The accelerator as Verilator sees it, and how near it comes to its ceilings. */
final class VerilatedAcceleratorIT extends AcceleratorContract {
    @BeforeAll
    static void needsVerilator() {
        Tools.assumePresent("verilator", "g++");
    }

    @Override
    EngineKind engine() {
        return EngineKind.VERILATOR;
    }

    @Test
    void aLargeLayerReachesItsCeiling() {
        Device device = open(Machine.standard(), MemoryConfig.of(64 << 20, 40)).device();
        Product.Outcome outcome =
                Product.random(1, WeightFormat.INT4, 4096, 4096, 128, 1).run(device);
        assertThat(reached(outcome)).isGreaterThan(0.95);
    }

    /** The regions of a token of stories260K, whose sizes are the only thing of it that matters here. */
    @ParameterizedTest
    @CsvSource({"128, 0.70", "256, 0.55"})
    void aTokenOfASmallModelComesNearItsCeiling(int busBits, double least) {
        Machine s = Machine.standard();
        Machine machine =
                new Machine(s.engine(), new Bus(Bus.Kind.AXI4, busBits, 32, 64, 4), s.buffers(), s.queueDepth(), true);
        Device device = open(machine, MemoryConfig.of(8 << 20, 40)).device();
        int layers = 5;
        int[][] regions = {{128, 64}, {64, 64}, {344, 64}, {64, 172}};
        long cycles = 0;
        long ceiling = 0;
        for (int[] region : regions) {
            var outcome = Product.random(2, WeightFormat.INT4, region[0], region[1], 32, 1)
                    .run(device);
            cycles += layers * outcome.counters().cycles();
            ceiling += layers * outcome.ceiling().cycles();
        }
        var head = Product.random(3, WeightFormat.INT8, 512, 64, 0, 1).run(device);
        cycles += head.counters().cycles();
        ceiling += head.ceiling().cycles();
        System.out.printf("stories260K token, %d-bit bus: %.1f %% of its ceiling%n", busBits, 100.0 * ceiling / cycles);
        assertThat((double) ceiling / cycles).isGreaterThan(least);
    }

    private static double reached(Product.Outcome outcome) {
        return (double) outcome.ceiling().cycles() / outcome.counters().cycles();
    }
}
