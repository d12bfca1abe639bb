// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VerilatorOwnResetIT extends OwnResetCases {
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

    @Test
    void agreesWithTheEmbeddedEngine() {
        for (ResetKind kind : ResetKind.values()) {
            var design = Circuit.of(kind, Top::new);
            for (long seed = 1; seed <= 20; seed++) {
                try (var verilator = open(design);
                        var embedded = Simulators.embedded(design)) {
                    assertThat(run(embedded, design.top(), seed))
                            .as(kind + ", seed " + seed)
                            .isEqualTo(run(verilator, design.top(), seed));
                }
            }
        }
    }
}
