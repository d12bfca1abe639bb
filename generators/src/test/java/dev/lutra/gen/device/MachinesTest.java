// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accelerators of other shapes than the standard one. */
@Engines
final class MachinesTest {
    private final EngineKind engine;

    MachinesTest(EngineKind engine) {
        this.engine = engine;
    }

    private static Machine machine(int m, int n, int t, int busBits) {
        Machine s = Machine.standard();
        Engine e = s.engine();
        return new Machine(
                new Engine(e.kind(), m, n, e.g(), t, e.maxBits(), e.groupScales(), e.innerBits(), e.outerBits()),
                new Bus(Bus.Kind.AXI4, busBits, 32, Math.min(64, 4096 / (busBits / 8)), 4),
                s.buffers(),
                s.queueDepth(),
                true);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 16, 4, 128, 1",
        "2, 16, 4, 128, 3",
        "4, 8, 2, 64, 4",
        "4, 8, 2, 64, 9",
        "1, 16, 4, 256, 2",
        "1, 4, 4, 32, 2",
    })
    void everyMachine(int m, int n, int t, int busBits, int rows) {
        try (Device device = SimulatedDevice.open(machine(m, n, t, busBits), engine, MemoryConfig.of(64 << 20, 40))
                .device()) {
            Product.random(7, WeightFormat.INT3, 50, 90, 0, rows).check(device);
            Product.random(8, WeightFormat.TERNARY, 21, 200, 32, rows).check(device);
        }
    }
}
