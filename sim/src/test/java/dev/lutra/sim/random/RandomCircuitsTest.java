// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random circuits without outside tools: what occurs in them, and the embedded engine against {@link Meaning}. */
class RandomCircuitsTest {
    private static final int CIRCUITS = 1000;

    @Test
    void theEmbeddedEngineDoesWhatTheCircuitMeans() {
        long first = Long.getLong("lutra.seed", 500_000);
        var found = new ArrayList<String>();
        for (long seed = first; seed < first + 60; seed++) {
            new Contest(EnumSet.of(Engines.EMBEDDED))
                    .run(List.of(Generator.of(seed)))
                    .forEach(finding -> found.add(Report.of(finding)));
        }
        assertThat(found).as("from -Dlutra.seed=" + first).isEmpty();
    }

    @Test
    void everythingOccurs() {
        var operators = new EnumMap<Operator, Integer>(Operator.class);
        var others = new TreeMap<String, Integer>();
        var widths = new TreeMap<Integer, Integer>();
        for (long seed = 1; seed <= CIRCUITS; seed++) {
            Sketch sketch = Generator.of(seed);
            others.merge(sketch.parts().size() + " modules", 1, Integer::sum);
            others.merge(sketch.domains().size() + " domains", 1, Integer::sum);
            for (Sketch.Domain domain : sketch.domains()) {
                others.merge("reset " + domain.reset(), 1, Integer::sum);
                others.merge("clock " + domain.clock(), 1, Integer::sum);
            }
            for (Sketch.Part part : sketch.parts()) {
                for (Item item : part.items()) {
                    others.merge(kind(item), 1, Integer::sum);
                }
                part.statements().forEach(step -> count(step, others));
                part.terms()
                        .forEach(root -> root.all().forEach(term -> {
                            operators.merge(term.op(), 1, Integer::sum);
                            others.merge(term.shape().getClass().getSimpleName(), 1, Integer::sum);
                            if (term.constant() != null && term.op() != Operator.LIT) {
                                others.merge("constant operand of " + term.op(), 1, Integer::sum);
                            }
                            if (term.shape().number()) {
                                widths.merge(term.shape().width(), 1, Integer::sum);
                            }
                        }));
            }
        }
        assertThat(operators.keySet()).containsExactly(Operator.values());
        assertThat(operators.values()).allMatch(count -> count > 5, operators.toString());
        assertThat(widths.headMap(201)).hasSizeGreaterThan(190);
        assertThat(widths).containsKeys(1, 31, 32, 33, 63, 64, 65, 128, 200);
        assertThat(others.keySet())
                .contains("1 modules", "2 modules", "3 modules", "1 domains", "2 domains", "3 domains")
                .contains("U", "S", "B", "Truth", "Choice", "Row", "Pack")
                .contains("Register", "Register not reset", "Memory", "Memory masked", "Memory with initial words")
                .contains("Read latency 0", "Read latency 1", "Read latency 1 enabled", "Instance", "Block late")
                .contains("Port READ_FIRST", "Port WRITE_FIRST", "Port NO_CHANGE", "PortWrite")
                .contains("Set", "SetAt", "When", "Switch", "Write", "Write masked", "Print", "Cover", "Set of a part");
        for (ResetKind kind : ResetKind.values()) {
            assertThat(others).containsKey("reset " + kind);
        }
        for (int clock = 0; clock < Timing.CLOCKS.size(); clock++) {
            assertThat(others).containsKey("clock " + clock);
        }
        for (Operator op : Operator.WITH_CONSTANT) {
            assertThat(others).containsKey("constant operand of " + op);
        }
    }

    @Test
    void outputsAreWorthComparing() {
        int changing = 0;
        int outputs = 0;
        for (long seed = 1; seed <= 100; seed++) {
            Sketch sketch = Generator.of(seed);
            var rows = Meaning.run(sketch, Stimulus.of(sketch)).outputs();
            for (int i = 0; i < rows.get(0).size(); i++) {
                int column = i;
                outputs++;
                changing += rows.stream().map(row -> row.get(column)).distinct().count() > 1 ? 1 : 0;
            }
        }
        assertThat(changing).isGreaterThan(outputs / 2);
    }

    private static String kind(Item item) {
        String name = item.getClass().getSimpleName();
        if (item instanceof Item.Register register && register.init().isEmpty()) {
            return name + " not reset";
        } else if (item instanceof Item.Memory memory) {
            return name + (memory.maskBits() > 0 ? " masked" : memory.init().isEmpty() ? "" : " with initial words");
        } else if (item instanceof Item.Read read) {
            return name + " latency " + read.latency() + (read.enable() == null ? "" : " enabled");
        } else if (item instanceof Item.Access port) {
            return "Port " + port.rule();
        } else if (item instanceof Item.Block block && block.late()) {
            return name + " late";
        }
        return name;
    }

    private static void count(Step step, Map<String, Integer> into) {
        String name = step.getClass().getSimpleName();
        into.merge(name, 1, Integer::sum);
        if (step instanceof Step.Write write && write.mask() != null) {
            into.merge("Write masked", 1, Integer::sum);
        } else if (step instanceof Step.Set set && !set.path().isEmpty()) {
            into.merge("Set of a part", 1, Integer::sum);
        }
        step.blocks().forEach(block -> block.forEach(inner -> count(inner, into)));
    }
}
