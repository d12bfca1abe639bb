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
    private final List<Row> rows = new ArrayList<>();

    private SimBench(double seconds, Path folder, Consumer<String> progress) {
        this.seconds = seconds;
        this.folder = folder;
        this.progress = progress;
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
     */
    static List<Row> measure(List<BenchDesign.Name> designs, double seconds, Consumer<String> progress) {
        try {
            Path folder = Files.createTempDirectory("lutra-bench");
            try {
                var bench = new SimBench(seconds, folder, progress);
                for (BenchDesign.Name design : designs) {
                    bench.measure(design);
                }
                return bench.rows;
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

    static String table(List<Row> rows, double seconds) {
        var table = new StringBuilder("Random stimulus of seed %d, at least %s CPU seconds each%n%n"
                .formatted(BenchDesign.SEED, String.valueOf(seconds).replaceFirst("\\.0$", "")));
        table.append("%-22s %-14s %14s %8s %12s %12s %12s%n"
                .formatted("design", "engine", "cycles/CPU s", "native", "first cycle", "cached", "process"));
        double natively = 0;
        for (Row row : rows) {
            if (row.engine().equals("native")) {
                natively = row.cyclesPerCpuSecond();
            }
            table.append("%-22s %-14s %,14.0f %8.2f %10.2f s %10.3f s %10.2f s%n"
                    .formatted(
                            row.design(),
                            row.engine() + row.variant(),
                            row.cyclesPerCpuSecond(),
                            row.cyclesPerCpuSecond() / natively,
                            row.firstCycle(),
                            row.firstCycleCached(),
                            row.process()));
        }
        return table.toString();
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
            }
            for (int turn = 1; turn <= TURNS; turn++) {
                progress.accept(design + ": turn " + turn + " of " + TURNS);
                for (Measured engine : engines) {
                    engine.run().until(seconds * turn / TURNS);
                }
            }
            for (Measured engine : engines) {
                agree(design, engines.get(0), engine);
                rows.add(engine.row(design));
            }
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

    /** Compares everything that both have told: the rows of check, and the sums of runs as long as the slower one came. */
    private static void agree(BenchDesign.Name design, Measured a, Measured b) {
        a.run().sums().forEach((cycles, sum) -> {
            String other = b.run().sums().getOrDefault(cycles, sum);
            if (!other.equals(sum)) {
                throw new UserException(
                        UserException.Kind.MISMATCH,
                        "%s: outputs of %s and %s differ after %d blocks: checksums %s and %s"
                                .formatted(design, a.engine(), b.engine(), cycles, sum, other),
                        null);
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
        var loop = new NativeLoop(BenchDesign.of(design).design(), sources);
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
