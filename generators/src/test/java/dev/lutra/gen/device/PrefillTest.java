// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import org.junit.jupiter.api.Test;

/** A prompt on a machine that takes eight rows together. */
final class PrefillTest {
    private static final int TOKENS = 64;
    private static final int ROWS = 8;

    /** The regions of a layer of stories260K: at most 1.2 times the ceiling of eight rows, eight times. */
    @Test
    void comesNearTheCeilingOfItsPasses() {
        Machine s = Machine.standard();
        Engine engine = new Engine(Engine.LUT_INT, ROWS, 16, 4, 4, 8, true, 32, 48);
        Machine machine = new Machine(engine, s.bus(), s.buffers(), s.queueDepth(), true);
        long cycles = 0;
        long ceiling = 0;
        try (Device device = SimulatedDevice.open(machine, EngineKind.EMBEDDED, MemoryConfig.of(1 << 20, 40))
                .device()) {
            for (int[] nk : new int[][] {{128, 64}, {64, 64}, {344, 64}, {64, 172}}) {
                cycles += Product.random(7, WeightFormat.INT4, nk[0], nk[1], 32, TOKENS)
                        .run(device)
                        .counters()
                        .cycles();
                ceiling += TOKENS
                        / ROWS
                        * Product.random(7, WeightFormat.INT4, nk[0], nk[1], 32, ROWS)
                                .run(device)
                                .ceiling()
                                .cycles();
            }
        }
        System.out.printf("64 tokens: %.3f times the ceiling of their passes%n", (double) cycles / ceiling);
        assertThat((double) cycles / ceiling).isLessThan(1.2);
    }
}
