// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.sim.EngineKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A {@link SimulationProcess}, or the native program, behind its first cycle; what it spends is read from outside. */
final class EngineRun implements AutoCloseable {
    /** Seconds of a command: short beside what is measured, long beside a command. */
    private static final double SLICE = 0.1;

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final SortedMap<Long, String> sums = new TreeMap<>();
    private final long cyclesOfABlock;
    private final double firstCycle;
    private final double untilFirstCycle;
    private double start;
    private double spent;
    private long blocks;

    private EngineRun(ProcessBuilder builder, long cyclesOfABlock, boolean elaborates) throws IOException {
        this.cyclesOfABlock = cyclesOfABlock;
        process = builder.redirectError(Redirect.INHERIT).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        commands = process.outputWriter(StandardCharsets.UTF_8);
        double before = 0;
        if (elaborates) {
            say("elaborate");
            before = seconds();
        }
        say("open");
        untilFirstCycle = seconds();
        firstCycle = untilFirstCycle - before;
    }

    /** @param cache where the process keeps what it builds */
    static EngineRun of(EngineKind engine, BenchDesign.Name design, Stimulus stimulus, Path cache) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Those with which ./lutra started this one.
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), SimulationProcess.class.getName()));
        Integer n = design.n();
        words.addAll(List.of(
                engine.name(), n == null ? "0" : n.toString(), stimulus.file().toString()));
        var builder = new ProcessBuilder(words);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        return new EngineRun(builder, stimulus.rows(), true);
    }

    static EngineRun ofNative(Path program, Stimulus stimulus) throws IOException {
        return new EngineRun(
                new ProcessBuilder(program.toString(), stimulus.file().toString()), stimulus.rows(), false);
    }

    /** The rows of stimulus that all engines take again and again. */
    record Stimulus(Path file, long rows) {}

    /** Runs a block whose outputs are all compared; what is measured begins here. */
    void check() throws IOException {
        start = seconds();
        say("check");
        blocks = 1;
        spent = seconds() - start;
    }

    /** Runs until so many CPU seconds have gone since {@link #check} began. */
    void until(double limit) throws IOException {
        // Threads that compile may have gone on.
        spent = seconds() - start;
        while (spent < limit) {
            long count = Math.max(1, (long) (blocks * Math.min(SLICE / spent, 1)));
            say("run " + count);
            blocks += count;
            spent = seconds() - start;
        }
    }

    double cyclesPerCpuSecond() {
        return blocks * cyclesOfABlock / spent;
    }

    /** CPU seconds from the elaborated design to the end of the first cycle, of this process and the tools it ran. */
    double firstCycle() {
        return firstCycle;
    }

    /** CPU seconds from the start of the process to the end of the first cycle. */
    double untilFirstCycle() {
        return untilFirstCycle;
    }

    /** Checksums behind each block; 0: of the block of {@link #check}. */
    SortedMap<Long, String> sums() {
        return sums;
    }

    private void say(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(process.info().command().orElse("a simulation") + " ended at \"" + command + "\"");
        }
        for (String sum : answer.split(" ")) {
            int colon = sum.indexOf(':');
            if (colon > 0) {
                sums.put(Long.valueOf(sum.substring(0, colon)), sum.substring(colon + 1));
            }
        }
    }

    private double seconds() throws IOException {
        long own = CpuClock.of(process.pid()) + CpuClock.ofChildren(process.pid());
        // A simulator in a process of its own; tools have ended when a command is answered.
        return (own
                        + process.descendants()
                                .mapToLong(child -> CpuClock.of(child.pid()))
                                .sum())
                / 1e9;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
