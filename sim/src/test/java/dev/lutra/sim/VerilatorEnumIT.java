// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

class VerilatorEnumIT extends EnumCases {
    @BeforeAll
    static void tools() {
        for (String tool : List.of("verilator", "g++")) {
            boolean found = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            assumeTrue(found, "skipped: " + tool + " is not on the PATH");
        }
    }

    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.verilator(design, VerilatorOptions.defaults());
    }
}
