// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.AxiMemoryCases;
import dev.lutra.sim.AxiPins;
import dev.lutra.sim.engine.Engine;

/** The memory of the embedded engine. */
class JavaAxiMemoryTest extends AxiMemoryCases {
    private static final dev.lutra.hdl.ir.Circuit PINS =
            Circuit.of(AxiPins::new).circuit();

    @Override
    protected Engine openPins() {
        return EmbeddedEngine.open(PINS);
    }

    @Override
    protected int port(String name) {
        for (int i = 0; i < PINS.top().ports().size(); i++) {
            if (PINS.top().ports().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }
}
