// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;

class InstructionTest extends InstructionCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @Override
    int programs() {
        return Boolean.getBoolean("lutra.deep") ? 20_000 : 400;
    }
}
