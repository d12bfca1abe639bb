// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.cli.EngineRun.Stimulus;
import dev.lutra.machine.UserException;
import dev.lutra.sim.Batch;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulators;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimBenchTest {
    private static final BenchDesign.Name TINY = new BenchDesign.Name(2);

    @Test
    void rowsHaveTheNamesThatProgramsRead() {
        var array = new SimBench.Row(new BenchDesign.Name(8), "native", " -O1", 2e6, 12.5, 0.004, 0.004);
        var accelerator = new SimBench.Row(new BenchDesign.Name(null), "embedded", "", 1e6, 0.5, 0.4, 0.9);
        assertThat(array.json())
                .containsOnlyKeys(
                        "design", "n", "engine", "cycles_per_cpu_s", "first_cycle_cpu_s", "first_cycle_cached_cpu_s")
                .containsEntry("design", "systolic_array")
                .containsEntry("n", 8)
                .containsEntry("engine", "native")
                .containsEntry("cycles_per_cpu_s", 2e6)
                .containsEntry("first_cycle_cpu_s", 12.5)
                .containsEntry("first_cycle_cached_cpu_s", 0.004);
        assertThat(accelerator.json()).containsEntry("design", "accelerator").containsEntry("n", null);
        var text = new StringWriter();
        List.of(array, accelerator).forEach(new SimBenchTable(new PrintWriter(text), 10));
        assertThat(text.toString())
                .startsWith("Random stimulus of seed 1, at least 10 CPU seconds each\n")
                .containsPattern("systolic array 8 x 8 +native -O1 +2,000,000 +1\\.00 ")
                .containsPattern("default accelerator +embedded +1,000,000 +0\\.50 ");
    }

    /** The Java names of an AXI port's signals come in another order than the ports of the design. */
    @Test
    void theNativeLoopLaysOutRowsAsABatchDoes() {
        BenchDesign design = BenchDesign.of(new BenchDesign.Name(null));
        String rows = NativeLoop.rows(design.design().circuit().top(), design.inputPorts(), design.outputPorts());
        try (var simulator = Simulators.embedded(design.design())) {
            Batch batch = simulator.batch(design.inputs(), design.outputs(), 1);
            assertThat(rows)
                    .startsWith("enum { IN_WORDS = %d, OUT_WORDS = %d };\n"
                            .formatted(batch.stimulusWords(), batch.responseWords()));
        }
        assertThat(rows)
                .contains("  top.s_axi_awvalid = row[0];\n  top.s_axi_awaddr = row[1];\n  top.s_axi_wvalid = row[2];\n")
                .contains("  memcpy(top.m_axi_rdata.data(), row + 11, 16);\n  top.m_axi_rresp = row[13];\n")
                .contains("  row[8] = top.m_axi_arvalid;\n  row[9] = top.m_axi_araddr;\n");
        assertThat(design.design().circuit().top().ports())
                .as("each driven or told")
                .hasSize(design.inputPorts().size() + design.outputPorts().size());
    }

    @Test
    void aDifferenceNamesTheEnginesAndTheFirstBlock() {
        var a = new TreeMap<>(Map.of(0L, "c0", 1L, "c1", 2L, "c2", 16L, "c16"));
        var b = new TreeMap<>(Map.of(0L, "c0", 1L, "c1", 2L, "d2", 16L, "d16", 17L, "d17"));
        assertThatThrownBy(() -> SimBench.agree(new BenchDesign.Name(null), "native", a, "embedded", b))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.kind()).isEqualTo(UserException.Kind.MISMATCH))
                .hasMessage("default accelerator: outputs of native and embedded differ in block 2, the first that does"
                        + " (checksums c2 and d2)");
        b.put(2L, "c2");
        b.remove(16L);
        SimBench.agree(new BenchDesign.Name(null), "native", a, "embedded", b);
    }

    /** Another process on the same stimulus tells the same sums, one on other stimulus others. */
    @Test
    void anEngineRunsInAProcessOfItsOwn(@TempDir Path folder) throws IOException {
        byte[] rows = BenchDesign.stimulus(TINY).array();
        int words = BenchDesign.of(TINY).stimulusWords();
        var stimulus = new Stimulus(Files.write(folder.resolve("rows"), rows), rows.length / 8 / words);
        rows[8 * 3] ^= 1;
        var other = new Stimulus(Files.write(folder.resolve("other"), rows), stimulus.rows());
        try (EngineRun a = EngineRun.of(EngineKind.EMBEDDED, TINY, stimulus, folder);
                EngineRun b = EngineRun.of(EngineKind.EMBEDDED, TINY, stimulus, folder);
                EngineRun c = EngineRun.of(EngineKind.EMBEDDED, TINY, other, folder)) {
            a.check();
            b.check();
            c.check();
            a.until(0.3);
            b.until(0.2);
            assertThat(a.sums().get(2L)).isNotNull().isEqualTo(b.sums().get(2L));
            assertThat(a.sums().get(0L))
                    .isEqualTo(b.sums().get(0L))
                    .isNotEqualTo(c.sums().get(0L));
            assertThat(a.cyclesPerCpuSecond()).isGreaterThan(1000);
            assertThat(a.untilFirstCycle()).isGreaterThan(a.firstCycle());
            assertThat(a.firstCycle()).isBetween(0.01, 30.0);
        }
    }
}
