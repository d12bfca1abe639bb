// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.pwm;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class PwmTest extends PwmCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }
}
