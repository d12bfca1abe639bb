// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.cli.EngineRun.Stimulus;
import dev.lutra.machine.UserException;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The measurements of {@code lutra bench sim}: each engine in a process of its own, all on the same stimulus, taking turns so that what else the machine does
 * meets all of them. Needs Linux, Verilator and g++.
 */
final class SimBench {
    static final List<BenchDesign.Name> DESIGNS = List.of(
            new BenchDesign.Name(8), new BenchDesign.Name(16), new BenchDesign.Name(32), new BenchDesign.Name(null));

    private static final int TURNS = 5;
    /** Time for which each native program runs before the fastest is chosen. */
    private static final double TRIAL_SECONDS = 1;

    private final double seconds;
    private final Path folder;
    private final Consumer<String> progress;
    private final Consumer<Row> rows;

    private SimBench(double seconds, Path folder, Consumer<String> progress, Consumer<Row> rows) {
        this.seconds = seconds;
        this.folder = folder;
        this.progress = progress;
        this.rows = rows;
    }

    /**
     * An engine on a design.
     *
     * @param engine {@code native}, {@code verilator} or {@code embedded}
     * @param variant what was measured, for people
     * @param cyclesPerCpuSecond simulated cycles per CPU second of the whole process, all threads, from after the first cycle on
     * @param firstCycle CPU seconds of the process and of the tools it runs, from the elaborated design to the end of the first cycle, with nothing
     *     in any cache; of the native program: Verilator, compiler and program
     * @param firstCycleCached the same again in a new process, with what the first one left in the cache; of the native program: itself
     * @param process CPU seconds of that new process until then, start of the JVM and elaboration included
     */
    record Row(
            BenchDesign.Name design,
            String engine,
            String variant,
            double cyclesPerCpuSecond,
            double firstCycle,
            double firstCycleCached,
            double process) {
        Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("design", design.design());
            row.put("n", design.n());
            row.put("engine", engine);
            row.put("cycles_per_cpu_s", cyclesPerCpuSecond);
            row.put("first_cycle_cpu_s", firstCycle);
            row.put("first_cycle_cached_cpu_s", firstCycleCached);
            return row;
        }
    }

    /**
     * Measures.
     *
     * @param seconds CPU time of each engine on each design
     * @param rows told the rows of a design as soon as it is done
     * @throws UserException if outputs differ, as soon as they do
     */
    static void measure(List<BenchDesign.Name> designs, double seconds, Consumer<String> progress, Consumer<Row> rows) {
        try {
            Path folder = Files.createTempDirectory("lutra-bench");
            try {
                var bench = new SimBench(seconds, folder, progress, rows);
                for (BenchDesign.Name design : designs) {
                    bench.measure(design);
                }
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "cannot measure: " + e.getMessage(),
                    "The measurement needs verilator and g++, reads /proc and writes to "
                            + System.getProperty("java.io.tmpdir") + ".",
                    e);
        }
    }

    private void measure(BenchDesign.Name design) throws IOException {
        progress.accept(design + ": stimulus");
        Stimulus stimulus = stimulus(design);
        List<Measured> engines = new ArrayList<>();
        try {
            engines.add(fastestNative(design, stimulus));
            for (EngineKind engine : EngineKind.values()) {
                if (engine.missing().isPresent()) {
                    progress.accept(engine + " is left out: " + engine.missing().get());
                    continue;
                }
                progress.accept(design + ": first cycle, " + engine);
                Path cache = Files.createTempDirectory(folder, "cache");
                double cold;
                try (EngineRun first = EngineRun.of(engine, design, stimulus, cache)) {
                    cold = first.firstCycle();
                }
                engines.add(new Measured(engine.toString(), "", cold, EngineRun.of(engine, design, stimulus, cache)));
            }
            for (Measured engine : engines) {
                engine.run().check();
                agree(design, engines.get(0), engine);
            }
            for (int turn = 1; turn <= TURNS; turn++) {
                progress.accept(design + ": turn " + turn + " of " + TURNS);
                for (Measured engine : engines) {
                    engine.run().until(seconds * turn / TURNS);
                    agree(design, engines.get(0), engine);
                }
            }
            engines.forEach(engine -> rows.accept(engine.row(design)));
        } finally {
            engines.forEach(engine -> engine.run().close());
        }
    }

    private Stimulus stimulus(BenchDesign.Name design) throws IOException {
        byte[] rows = BenchDesign.stimulus(design).array();
        return new Stimulus(
                Files.write(folder.resolve("stimulus"), rows),
                rows.length / 8 / BenchDesign.of(design).stimulusWords());
    }

    private static void agree(BenchDesign.Name design, Measured a, Measured b) {
        agree(design, a.engine(), a.run().sums(), b.engine(), b.run().sums());
    }

    /** Compares the checksums of all blocks that both have run: {@link EngineRun#sums}. */
    static void agree(
            BenchDesign.Name design, String a, SortedMap<Long, String> sums, String b, SortedMap<Long, String> others) {
        others.forEach((block, other) -> {
            String sum = sums.getOrDefault(block, other);
            if (!sum.equals(other)) {
                throw new UserException(
                        UserException.Kind.MISMATCH,
                        "%s: outputs of %s and %s differ in block %d, the first that does (checksums %s and %s)"
                                .formatted(design, a, b, block, sum, other),
                        "Block 0 is the first after reset. All blocks are of the same stimulus, seed "
                                + BenchDesign.SEED + ".");
            }
        });
    }

    /** An engine under measurement; {@code cold} as in {@link Row}. */
    private record Measured(String engine, String variant, double cold, EngineRun run) {
        Row row(BenchDesign.Name design) {
            return new Row(
                    design, engine, variant, run.cyclesPerCpuSecond(), cold, run.firstCycle(), run.untilFirstCycle());
        }
    }

    /** The program of the fastest optimisation level, freshly started, after a short trial of each. */
    private Measured fastestNative(BenchDesign.Name design, Stimulus stimulus) throws IOException {
        Path sources = Files.createTempDirectory(folder, "native");
        long self = ProcessHandle.current().pid();
        long start = CpuClock.ofChildren(self);
        var loop = new NativeLoop(BenchDesign.of(design), sources);
        double verilated = (CpuClock.ofChildren(self) - start) / 1e9;
        double best = 0;
        double cold = 0;
        String fastest = "";
        for (String level : NativeLoop.LEVELS) {
            progress.accept(design + ": native program, " + level);
            start = CpuClock.ofChildren(self);
            loop.compile(level);
            double compiled = (CpuClock.ofChildren(self) - start) / 1e9;
            try (EngineRun trial = EngineRun.ofNative(loop.program(level), stimulus)) {
                trial.check();
                trial.until(Math.min(seconds, TRIAL_SECONDS));
                if (trial.cyclesPerCpuSecond() > best) {
                    best = trial.cyclesPerCpuSecond();
                    fastest = level;
                    cold = verilated + compiled + trial.firstCycle();
                }
            }
        }
        return new Measured("native", " " + fastest, cold, EngineRun.ofNative(loop.program(fastest), stimulus));
    }
}
