// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.cordic;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class CordicTest extends CordicCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }
}
