// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import dev.lutra.hdl.ir.BlackBox;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;

/** Finds black boxes that an engine has nothing to run for. */
public final class Boxes {
    private Boxes() {}

    /**
     * Checks that a design can be simulated.
     *
     * @param verilog whether the engine takes the Verilog that boxes supply
     * @throws SimulationException naming a box that it cannot run, its place and what to do
     */
    public static void check(Circuit circuit, boolean verilog) {
        for (Module module : circuit.modules()) {
            BlackBox box = module.box();
            if (box == null) {
                continue;
            }
            String what = "black box " + box.name() + place(circuit, module);
            for (Port port : module.ports()) {
                if (port.type() instanceof Type.Clock && port.direction() == Direction.OUT) {
                    throw new SimulationException(what + " makes a clock, " + port.name()
                            + ", and a design with such a box is not simulated: simulate the module below that takes the clock"
                            + " by in(clock()) or as its own; Simulator.clock(...) says when it rises");
                }
            }
            if (!box.modelled() && box.file() == null) {
                throw new SimulationException(
                        what + " has neither a model nor Verilog: describe in its constructor what it"
                                + " does, or supply the Verilog of " + box.name()
                                + " by verilog(...) and simulate with Verilator");
            }
            if (!box.modelled() && !verilog) {
                throw new SimulationException(what + " has no model, which the embedded engine needs: describe in its"
                        + " constructor what it does, or simulate with Verilator, which takes " + box.file());
            }
        }
    }

    private static String place(Circuit circuit, Module box) {
        for (Module module : circuit.modules()) {
            for (Instance instance : module.instances()) {
                if (instance.module() == box) {
                    return " (" + instance.name() + " of " + module.name() + ", " + instance.loc() + ")";
                }
            }
        }
        return "";
    }
}
