// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Elaboration;

class EmbeddedMemoryPortTest extends MemoryPortCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @Override
    int circuits() {
        return 200;
    }
}
