// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.gen.accel.Accelerator;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.check.Axi4Checker;
import dev.lutra.hdl.lib.check.AxiLiteChecker;
import dev.lutra.hdl.lib.check.Side;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.CoverPoint;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;

/** The interfaces of the accelerator keep the rules of AXI: checkers at both, a memory that stalls at random behind them. */
final class WatchedAcceleratorTest {
    private static final class Watched extends Module {
        final AxiLite s_axi;
        final Axi4 m_axi;
        final Bool irq = out(bool());

        Watched(Machine machine) {
            var accelerator = new Accelerator(machine);
            s_axi = in(like(accelerator.s_axi));
            m_axi = out(like(accelerator.m_axi));
            accelerator.s_axi.set(s_axi);
            m_axi.set(accelerator.m_axi);
            irq.set(accelerator.irq);
            AxiLiteChecker.watch(s_axi, 1, Side.BOTH);
            var memory = Axi4Checker.watch(m_axi, 8, Side.BOTH);
            cover(memory.reads.ge(3), "three reads open");
            cover(memory.writes.ge(1), "a write open");
        }
    }

    @Engines
    void bothInterfaces(EngineKind engine) {
        Machine machine = Machine.standard();
        Elaboration<Watched> design = Circuit.of(() -> new Watched(machine));
        Simulator simulator = engine.open(design);
        var memory = MemoryConfig.of(64 << 20, 40).withStalls(MemoryConfig.Stalls.uniform(1, 300));
        var link = new SimLink("watched", simulator, design.top().irq, memory);
        try (Device device = Device.over(machine, link)) {
            Product product = Product.random(1, WeightFormat.INT4, 40, 100, 32, 1);
            assertThat(product.run(device).results()).isDeepEqualTo(product.expected());
            assertThat(simulator.covered()).extracting(CoverPoint::firstCycle).allMatch(cycle -> cycle > 0);
        }
    }
}
