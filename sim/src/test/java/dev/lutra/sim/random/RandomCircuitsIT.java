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
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random circuits in the embedded engine, Verilator and Icarus: each output of each cycle against {@link Meaning}. A circuit that
 * fails is run alone, made smaller and printed. {@code -Dlutra.seed=N} starts at another circuit, {@code -Dlutra.circuits=N} runs
 * so many.
 */
class RandomCircuitsIT {
    /** In one Verilated library and one run of Icarus. */
    private static final int TOGETHER = 250;

    private static final long FIRST = Long.getLong("lutra.seed", 1);

    private static final int COUNT =
            Integer.getInteger("lutra.circuits", Boolean.getBoolean("lutra.deep") ? 10_000 : TOGETHER);

    /** The first seed of each group of circuits that run together. */
    static LongStream groups() {
        return LongStream.iterate(FIRST, seed -> seed < FIRST + COUNT, seed -> seed + TOGETHER);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void everyEngineDoesWhatTheCircuitMeans(long first) {
        List<String> missing = Engines.missingTools();
        assumeTrue(missing.isEmpty(), "skipped: not on the PATH: " + missing);
        var sketches = new ArrayList<Sketch>();
        for (long seed = first; seed < Math.min(first + TOGETHER, FIRST + COUNT); seed++) {
            sketches.add(Generator.of(seed));
        }
        var found = new ArrayList<Contest.Finding>();
        for (Contest.Finding finding : new Contest(EnumSet.allOf(Engines.class)).run(sketches)) {
            System.out.println(Report.brief(finding));
            found.add(finding);
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
