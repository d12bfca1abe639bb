// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.examples.Tools;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.verilator.VerilatorOptions;

class TourVerilatorIT extends TourCases {
    @Override
    Simulator open(Elaboration<?> design) {
        Tools.require("verilator", "g++");
        return Simulators.verilator(design, VerilatorOptions.defaults());
    }
}
