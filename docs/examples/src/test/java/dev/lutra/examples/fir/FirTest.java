// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.fir;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class FirTest extends FirCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @Override
    int filters() {
        return 30;
    }
}
