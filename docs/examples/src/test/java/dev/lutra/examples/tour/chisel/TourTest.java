// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class TourTest extends TourCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }
}
