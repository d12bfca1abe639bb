// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.embedded.EmbeddedEngine;

/** Opens simulations. */
public final class Simulators {
    private Simulators() {}

    /** A simulation in byte code of this JVM: no tool needed, ready at once. */
    public static Simulator embedded(Elaboration<?> design) {
        return new Simulator(design, EmbeddedEngine.open(design.circuit()));
    }
}
