// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.sim.engine.SimulationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceIT {
    @TempDir
    Path directory;

    @BeforeAll
    static void tools() {
        Designs.needTools();
    }

    @Test
    void aTraceHoldsItsWindowOfCyclesAndChangesNothing() throws Exception {
        Path vcd = directory.resolve("counter.vcd");
        try (VerilatorEngine counter = VerilatorEngine.open(
                Designs.counter(), VerilatorOptions.defaults().withTrace(true))) {
            counter.poke(0, 1);
            counter.poke(1, 50);
            counter.step(3);
            counter.trace(vcd, 10, 13);
            assertThat(counter.runUntil(3, 100)).isEqualTo(47);
            assertThat(counter.peek(2)).isEqualTo(50);
            assertThat(values(vcd, "count"))
                    .as("complete after the window, before the simulation closes")
                    .containsExactly("#20 1010", "#21 1011", "#23 1100", "#25 1101");
        }
        assertThat(values(vcd, "count")).hasSize(4);
    }

    @Test
    void mistakesAreNamed() {
        try (VerilatorEngine counter = VerilatorEngine.open(Designs.counter(), VerilatorOptions.defaults())) {
            assertThatThrownBy(() -> counter.trace(directory.resolve("x.vcd"), 0, 1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageContaining("withTrace");
        }
        try (VerilatorEngine counter = VerilatorEngine.open(
                Designs.counter(), VerilatorOptions.defaults().withTrace(true))) {
            assertThatThrownBy(() -> counter.trace(directory.resolve("no/x.vcd"), 0, 1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageContaining("no/x.vcd");
        }
    }

    /** Times and values of the first signal of a name. */
    private static List<String> values(Path vcd, String name) throws Exception {
        String code = "";
        String time = "";
        List<String> values = new ArrayList<>();
        for (String line : Files.readAllLines(vcd)) {
            String[] word = line.strip().split(" +");
            if (word.length > 4 && word[0].equals("$var") && word[4].equals(name) && code.isEmpty()) {
                code = word[3];
            } else if (line.startsWith("#")) {
                time = line;
            } else if (word.length == 2 && word[1].equals(code) && line.startsWith("b")) {
                values.add(time + " " + word[0].substring(1).replaceFirst("^0+(?=.)", ""));
            }
        }
        return values;
    }
}
