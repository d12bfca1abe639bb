// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Elaboration;

class EmbeddedRangeTest extends RangeCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }
}
