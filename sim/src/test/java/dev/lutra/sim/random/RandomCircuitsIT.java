// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random circuits in the embedded engine, Verilator and Icarus: each output of each cycle against {@link Meaning}. A circuit that
 * fails is run alone, made smaller and printed. {@code -Dlutra.seed=N} starts at another circuit, {@code -Dlutra.circuits=N} runs
 * so many.
 */
class RandomCircuitsIT {
    /** In one Verilated library and one run of Icarus. */
    private static final int TOGETHER = 250;

    @Test
    void everyEngineDoesWhatTheCircuitMeans() {
        List<String> missing = Engines.missingTools();
        assumeTrue(missing.isEmpty(), "skipped: not on the PATH: " + missing);
        int usual = Boolean.getBoolean("lutra.deep") ? 10_000 : TOGETHER;
        int count = Integer.getInteger("lutra.circuits", usual);
        long first = Long.getLong("lutra.seed", 1);
        System.out.println("random circuits: " + count + " from -Dlutra.seed=" + first);
        var found = new ArrayList<Contest.Finding>();
        for (int done = 0; done < count; done += TOGETHER) {
            var sketches = new ArrayList<Sketch>();
            for (int i = done; i < Math.min(count, done + TOGETHER); i++) {
                sketches.add(Generator.of(first + i));
            }
            for (Contest.Finding finding : new Contest(EnumSet.allOf(Engines.class)).run(sketches)) {
                System.out.println(Report.brief(finding));
                found.add(finding);
            }
        }
        // To make one smaller may take as long as all the others; the first few tell most.
        var reports = new ArrayList<String>();
        for (Contest.Finding finding : found) {
            reports.add(reports.size() < 3 ? Report.of(finding) : Report.brief(finding));
        }
        assertThat(reports).isEmpty();
    }

    /** All but comparisons whose result a designer would know: random circuits have many. */
    @Test
    void verilatorFindsNothingToSay(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Engines.missingTools().isEmpty(), "skipped: not on the PATH: " + Engines.missingTools());
        var sketches = new ArrayList<Sketch>();
        for (long seed = 1; seed <= 50; seed++) {
            sketches.add(Generator.of(seed));
        }
        VerilogWriter.writeTo(Circuit.of(() -> new SideBySide(sketches)).circuit(), directory);
        Process lint = new ProcessBuilder(
                        "verilator",
                        "--lint-only",
                        "-Wall",
                        "-Wno-CMPCONST",
                        "-Wno-UNSIGNED",
                        "--top-module",
                        "SideBySide",
                        "-f",
                        "SideBySide.f")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        lint.waitFor();
        // A memory whose words nobody looks at may still be there: so far that is accepted.
        assertThat(Files.readAllLines(directory.resolve("log")).stream()
                        .filter(line -> line.startsWith("%Warning-"))
                        .filter(line -> !line.matches(".*UNUSEDSIGNAL.*Signal is not used: 'm\\d+'")))
                .isEmpty();
    }
}
