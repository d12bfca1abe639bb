// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.pe.MatrixEngines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class ChainBenchTest {
    /** By engine, width of operands and rows: products that a block makes in a slot. */
    private static final Map<String, Integer> PRODUCTS = Map.ofEntries(
            Map.entry("dsp 8 1", 2),
            Map.entry("dsp 8 2", 2),
            Map.entry("dsp 4 1", 2),
            Map.entry("dsp 4 2", 4),
            Map.entry("dsp48e1 8 1", 2),
            Map.entry("dsp48e1 8 2", 2),
            Map.entry("dsp48e1 4 1", 2),
            Map.entry("dsp48e1 4 2", 4),
            Map.entry("dsp-mac16 8 1", 2),
            Map.entry("dsp-mac16 8 2", 2),
            Map.entry("dsp-mac16 4 1", 2),
            Map.entry("dsp-portable 8 1", 1),
            Map.entry("dsp-portable 8 2", 1),
            Map.entry("dsp-portable 4 2", 1));

    private static ChainBench.Row row(NmRatio ratio, long slots, long cycles, double bytes) {
        return new ChainBench.Row(
                "dsp", new ChainLayout(1, 16, 16, 2), 8, 1, ratio, 16, 32 * slots, slots, cycles, 24, bytes);
    }

    @Test
    void sharesAreOfTheDenseProduct() {
        String table =
                ChainBench.table(List.of(row(NmRatio.DENSE, 100, 130, 1), row(new NmRatio(2, 4), 50, 91, 0.625)));
        assertThat(table.lines().toList())
                .anyMatch(line -> line.matches("dsp +INT8 +matrix-vector +16 +3200 +100 +2[.,]000 +2[.,]000 +24"))
                .anyMatch(line -> line.matches(" +2:4 +50 +0[.,]5000 +91 +0[.,]7000 +0[.,]6250 +3[.,]20 of 4"));
    }

    /** A word of 32 bytes comes with a line of 8: two rings of as many lines wait equally long for memory. */
    @Test
    void theRingOfIndicesHasALineForEachWord() {
        Machine s = Machine.standard();
        var chains = MatrixEngines.named("dsp").inPlaceOf(s.engine());
        assertThat(MachineOptions.scaleRing(s.buffers(), chains))
                .isEqualTo(s.buffers().weightRing() / 4);
        assertThat(MachineOptions.scaleRing(s.buffers(), s.engine()))
                .isEqualTo(s.buffers().scaleRing());
    }

    /** On the hardware: as many products as the packing has, and N/M of the slots. */
    @Test
    @EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "deep runs only")
    void everyBlockMakesItsProducts() {
        var rows = ChainBench.measure(step -> {});
        rows.stream().filter(row -> !row.ratio().indexed()).forEach(dense -> {
            String name = dense.engine() + " " + dense.bits() + " " + dense.rows();
            var group = rows.stream()
                    .filter(row -> row.engine().equals(dense.engine())
                            && row.bits() == dense.bits()
                            && row.rows() == dense.rows())
                    .toList();
            assertThat(group).as(name).hasSize(11);
            for (var row : group) {
                assertThat(row.slots() * row.ratio().m())
                        .as(name + " " + row.ratio())
                        .isEqualTo(dense.slots() * row.ratio().n());
                if (PRODUCTS.containsKey(name)) {
                    assertThat(row.perBlock()).as(name + " " + row.ratio()).isCloseTo(PRODUCTS.get(name), within(1e-9));
                }
            }
        });
        System.out.print(ChainBench.table(rows));
    }
}
