// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.sim.Batch;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/**
 * The process that {@code lutra bench sim} starts for an engine and whose CPU time it reads from outside. Arguments: engine, size of the
 * array or 0 for the accelerator, file of stimulus. It obeys a line at a time and answers each with one:
 *
 * <ul>
 *   <li>{@code elaborate} builds the design;
 *   <li>{@code open} opens a simulation and runs a cycle;
 *   <li>{@code check} resets, runs a block, which is all rows of the file, and answers {@code 0:SUM} of all responses;
 *   <li>{@code run COUNT} runs as many blocks and answers {@code N:SUM} behind each, N counting them from 1: SUM has gone on over one of
 *       {@link #PARTS} parts of its rows, the next one in each block.
 * </ul>
 *
 * The native program does the same, without the first.
 */
final class SimulationProcess {
    static final int RESET_CYCLES = 2;
    /** So many that hashing costs nothing beside the simulation. */
    static final int PARTS = 61;

    private final Simulator simulator;
    private final Batch batch;
    private long runs;
    private long hash;

    SimulationProcess(BenchDesign design, Simulator simulator, LongBuffer rows) {
        this.simulator = simulator;
        batch = simulator.batch(design.inputs(), design.outputs(), rows.capacity() / design.stimulusWords());
        batch.stimulus().put(0, rows, 0, rows.capacity());
    }

    public static void main(String[] arguments) throws IOException {
        Integer n = arguments[1].equals("0") ? null : Integer.valueOf(arguments[1]);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        commands.readLine();
        BenchDesign design = BenchDesign.of(new BenchDesign.Name(n));
        System.out.println("elaborated");
        commands.readLine();
        Simulator simulator = EngineKind.valueOf(arguments[0]).open(design.design());
        simulator.step(1);
        System.out.println("opened");
        commands.readLine();
        LongBuffer rows = ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[2])))
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
        var process = new SimulationProcess(design, simulator, rows);
        System.out.println(process.check());
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(process.run(Integer.parseInt(line.substring("run ".length()))));
        }
    }

    String check() {
        simulator.reset(RESET_CYCLES);
        batch.run(batch.rows());
        hash(0, batch.rows());
        return "0:" + Long.toHexString(hash);
    }

    private String run(int count) {
        var told = new StringJoiner(" ");
        for (int i = 0; i < count; i++) {
            batch.run(batch.rows());
            long part = runs % PARTS;
            hash((int) (batch.rows() * part / PARTS), (int) (batch.rows() * (part + 1) / PARTS));
            told.add(++runs + ":" + Long.toHexString(hash));
        }
        return told.toString();
    }

    private void hash(int from, int to) {
        // Out of the buffer in one go: a call per word would cost more than the hash, until it is compiled well.
        long[] words = new long[(to - from) * batch.responseWords()];
        batch.response().get(from * batch.responseWords(), words);
        long h = hash;
        for (long word : words) {
            h = Long.rotateLeft(h ^ word, 23) * 0x9E3779B97F4A7C15L;
        }
        hash = h;
    }
}
