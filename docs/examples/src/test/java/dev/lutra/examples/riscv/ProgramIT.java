// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramIT extends ProgramCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @ParameterizedTest
    @EnumSource
    void writesWhatTheHostComputes(Program program) throws IOException {
        check(program, "-O2", 1, false);
        check(program, "-Os", 2, true);
        check(program, "-O0", 3, false);
    }
}
