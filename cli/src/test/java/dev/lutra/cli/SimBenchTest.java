// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.cli.EngineRun.Stimulus;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertThat(SimBench.table(List.of(array, accelerator), 10))
                .startsWith("Random stimulus of seed 1, at least 10 CPU seconds each\n")
                .containsPattern("systolic array 8 x 8 +native -O1 +2,000,000 +1\\.00 ")
                .containsPattern("default accelerator +embedded +1,000,000 +0\\.50 ");
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
