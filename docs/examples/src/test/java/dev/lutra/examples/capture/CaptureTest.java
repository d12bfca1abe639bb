// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.capture;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class CaptureTest extends CaptureCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @Override
    int cycles() {
        return 3_000;
    }
}
