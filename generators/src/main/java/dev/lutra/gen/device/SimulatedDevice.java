// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.gen.accel.Accelerator;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.machine.Machine;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.SimulatorOptions;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.icarus.IcarusOptions;
import java.util.function.Consumer;

/**
 * An accelerator that was generated and is simulated, with its memory at hand for tests that want it to fail.
 *
 * @param device to run regions on; closing it ends the simulation
 * @param memory behind the accelerator
 */
public record SimulatedDevice(Device device, AxiMemory memory) {

    /** Generates a machine with an AXI4 port and opens its simulation. */
    public static SimulatedDevice open(Machine machine, EngineKind engine, MemoryConfig config) {
        return open(machine, engine, config, step -> {});
    }

    static SimulatedDevice open(Machine machine, EngineKind engine, MemoryConfig config, Consumer<String> progress) {
        return over(machine, link(machine, engine, config, progress));
    }

    /** Generates a machine and simulates it. */
    static SimLink link(Machine machine, EngineKind engine, MemoryConfig config, Consumer<String> progress) {
        Elaboration<Accelerator> design = Circuit.of(() -> new Accelerator(machine));
        // Icarus shows what no reset reaches: an accelerator has to run with its other registers unknown.
        Simulator simulator = engine == EngineKind.ICARUS
                ? Simulators.icarus(design, IcarusOptions.defaults().withProgress(progress))
                : engine.open(design, SimulatorOptions.defaults().withProgress(progress));
        return new SimLink("simulation (" + engine + ")", simulator, design.top().irq, config);
    }

    /** The same around a simulation of the accelerator that the caller has opened; closing the device closes it. */
    public static SimulatedDevice over(Machine machine, Accelerator top, Simulator simulator, MemoryConfig config) {
        return over(machine, new SimLink("simulation", simulator, top.irq, config));
    }

    private static SimulatedDevice over(Machine machine, SimLink link) {
        return new SimulatedDevice(Device.over(machine, link), link.memory());
    }
}
