// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class EmbeddedAxi4CheckerTest extends Axi4CheckerCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @Override
    int cycles() {
        return 20_000;
    }
}
