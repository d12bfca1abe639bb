// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.random.Bench;
import dev.lutra.hdl.random.RandomCircuit;
import dev.lutra.hdl.random.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The written Verilog means what the IR means: random circuits in Icarus against the reference. */
final class VerilogSemanticsIT {

    private static final int BATCH = 50;
    private static final int CYCLES = 12;

    @TempDir
    private Path directory;

    @Test
    void randomCircuitsBehaveAsTheReference() throws IOException {
        assumeTrue(Tool.present("iverilog"), "skipped: no iverilog on the path");
        long seed = Long.getLong("lutra.seed", 1);
        int batches = Integer.getInteger("lutra.batches", Boolean.getBoolean("lutra.deep") ? 40 : 5);
        System.out.println("random circuits: " + batches * BATCH + " from -Dlutra.seed=" + seed);
        for (int batch = 0; batch < batches; batch++) {
            Set<Long> bad = failing(seed + (long) batch * BATCH, BATCH);
            assertThat(bad)
                    .as("seeds whose Verilog differs; run one with -Dlutra.seed")
                    .isEmpty();
        }
    }

    /** Runs circuits of consecutive seeds together and prints what differs. Gives the seeds that fail. */
    private Set<Long> failing(long first, int count) throws IOException {
        List<String> wrong = run(first, count, size(first));
        var bad = new TreeSet<Long>();
        for (String line : wrong) {
            System.out.println(line);
            bad.add(Long.parseLong(line.substring(1, line.indexOf(' '))));
        }
        return bad;
    }

    private static int size(long seed) {
        return 2 + (int) (seed / BATCH % 5) * 2;
    }

    /** Lines that are missing from the output. */
    private List<String> run(long first, int count, int size) throws IOException {
        var bench = new Bench();
        var sources = new StringBuilder();
        for (long seed = first; seed < first + count; seed++) {
            Circuit circuit = RandomCircuit.of(seed, size);
            var text = new StringBuilder();
            VerilogWriter.write(circuit).forEach(file -> text.append(file.text()));
            sources.append(text);
            bench.add("c" + seed, circuit, text.toString(), seed, CYCLES);
        }
        Path source = Files.writeString(directory.resolve("dut.v"), sources);
        Path tb = Files.writeString(directory.resolve("tb.v"), bench.text());
        var compiled = Tool.run(
                directory,
                List.of("iverilog", "-g2005", "-Wall", "-o", "sim", "-s", "tb", source.toString(), tb.toString()));
        assertThat(compiled.status()).as(compiled.output()).isZero();
        assertThat(compiled.output().lines().filter(line -> line.contains("dut.v")))
                .as("warnings of Icarus")
                .isEmpty();
        var simulated = Tool.run(directory, List.of("vvp", "-n", "sim"));
        Set<String> printed = new HashSet<>(simulated.output().lines().toList());
        var missing = new ArrayList<String>();
        for (String line : bench.expected()) {
            String own = line.replaceFirst("^c\\d+ prints ", "");
            if (!printed.contains(own)) {
                missing.add(line);
            }
        }
        return missing;
    }
}
