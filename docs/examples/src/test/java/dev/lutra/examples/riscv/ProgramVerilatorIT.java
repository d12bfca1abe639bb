// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.examples.Tools;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramVerilatorIT extends ProgramCases {
    @Override
    Simulator open(Elaboration<?> design) {
        Tools.require("verilator", "g++");
        return Simulators.verilator(design, VerilatorOptions.defaults());
    }

    @ParameterizedTest
    @EnumSource
    void writesWhatTheHostComputes(Program program) throws IOException {
        check(program, "-O2", 4, true);
    }
}
