// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.embedded.EmbeddedEngine;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.ToolException;
import dev.lutra.sim.icarus.IcarusEngine;
import dev.lutra.sim.icarus.IcarusOptions;
import dev.lutra.sim.verilator.VerilatorEngine;
import dev.lutra.sim.verilator.VerilatorOptions;

/** Opens simulations. */
public final class Simulators {
    private Simulators() {}

    /** A simulation in byte code of this JVM: no tool needed, ready at once. */
    public static Simulator embedded(Elaboration<?> design) {
        return new Simulator(design, EmbeddedEngine.open(design.circuit()));
    }

    /**
     * A simulation of the design's Verilog by Verilator, in this process: for long runs. Takes a model from the cache or
     * builds it, which needs {@code verilator} and {@code g++}.
     *
     * @throws ToolException if a tool is missing or refuses the design
     */
    public static Simulator verilator(Elaboration<?> design, VerilatorOptions options) {
        try {
            return new Simulator(design, VerilatorEngine.open(design.circuit(), options));
        } catch (ToolException e) {
            throw e.atCaller();
        }
    }

    /**
     * A simulation of the design's Verilog by Icarus, in a process of its own, with unknown values ({@link Simulator#isUnknown}):
     * for tests of resets. Needs {@code iverilog} and {@code g++}.
     *
     * @throws ToolException if a tool is missing or refuses the design
     */
    public static Simulator icarus(Elaboration<?> design, IcarusOptions options) {
        try {
            return new Simulator(design, IcarusEngine.open(design.circuit(), options));
        } catch (ToolException e) {
            throw e.atCaller();
        }
    }

    /** The same with {@link IcarusOptions#defaults}. */
    public static Simulator icarus(Elaboration<?> design) {
        return icarus(design, IcarusOptions.defaults());
    }

    /** A simulation on an engine of the caller's, for instance one that watches another. */
    public static Simulator on(Elaboration<?> design, Engine engine) {
        return new Simulator(design, engine);
    }
}
