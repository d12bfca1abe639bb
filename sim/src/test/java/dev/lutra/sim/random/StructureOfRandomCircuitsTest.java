// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.sim.verilator.Structures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random circuits and all that is one step smaller: what has one number in the cache of models has the same Verilog. */
class StructureOfRandomCircuitsTest {
    private static final int CIRCUITS = Boolean.getBoolean("lutra.deep") ? 500 : 6;

    private final Map<String, String> verilog = new HashMap<>();
    private int compared;

    @Test
    void oneNumberOneVerilog() {
        long first = Long.getLong("lutra.seed", 1);
        for (long seed = first; seed < first + CIRCUITS; seed++) {
            Sketch sketch = Generator.of(seed);
            String number = number(sketch, seed);
            assertThat(number(sketch, seed))
                    .as("elaborated again, seed " + seed)
                    .isEqualTo(number);
            for (Supplier<Sketch> smaller : Smaller.than(sketch)) {
                try {
                    number(smaller.get(), seed);
                } catch (RuntimeException e) {
                    // Not every step leads to a circuit.
                }
            }
        }
        assertThat(compared).isGreaterThan(100 * CIRCUITS / 4);
        assertThat(verilog.size()).isGreaterThan(compared / 2);
    }

    private String number(Sketch sketch, long seed) {
        var circuit = Circuit.of(() -> new SideBySide(List.of(sketch))).circuit();
        var text = new StringBuilder();
        for (VerilogFile file : VerilogWriter.writeModels(circuit)) {
            text.append(file.name()).append('\n').append(file.text().replaceAll("(?m) *//.*$", ""));
        }
        String number = Structures.of(circuit);
        String before = verilog.putIfAbsent(number, text.toString());
        compared++;
        if (before != null) {
            assertThat(text.toString()).as("smaller than seed " + seed).isEqualTo(before);
        }
        return number;
    }
}
