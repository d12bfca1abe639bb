// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Elaboration;

class EmbeddedEnumTest extends EnumCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }
}
