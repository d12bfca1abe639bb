// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

class VerilatorFixedPointIT extends FixedPointCases {
    @BeforeAll
    static void tools() {
        for (String tool : List.of("verilator", "g++")) {
            boolean found = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            assumeTrue(found, "skipped: " + tool + " is not on the PATH");
        }
    }

    /** Each format is a library to build: a wide one here, a narrow one below. */
    @Override
    int[][] pairs() {
        return Arrays.copyOfRange(super.pairs(), 1, 2);
    }

    @Override
    int[][] formats() {
        return Arrays.copyOf(super.formats(), 1);
    }

    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.verilator(design, VerilatorOptions.defaults());
    }
}
