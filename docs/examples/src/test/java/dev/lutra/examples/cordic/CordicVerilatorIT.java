// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

import dev.lutra.examples.Tools;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.verilator.VerilatorOptions;

class CordicVerilatorIT extends CordicCases {
    @Override
    Simulator open(Elaboration<?> design) {
        Tools.require("verilator", "g++");
        return Simulators.verilator(design, VerilatorOptions.defaults());
    }
}
