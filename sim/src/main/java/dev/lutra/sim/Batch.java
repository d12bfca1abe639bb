// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.ir.Port;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.Feed;
import dev.lutra.sim.engine.SimulationException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/**
 * Block transfer between a test and a simulation: a row of stimulus and a row of response per cycle, in buffers that are used
 * again. A row holds {@code ceil(width / 64)} words per port in the order given to {@link Simulator#batch}, the least significant
 * first; the last word of a port is extended to 64 bits by the sign of its type. Stimulus bits beyond a width are ignored.
 */
public final class Batch {
    private final Simulator simulator;
    private final Engine engine;
    private final List<Port> ports;
    private final int[] inputs;
    private final int[] outputs;
    private final int[] inputAt;
    private final int[] outputAt;
    private final int rows;
    private final LongBuffer stimulus;
    private final LongBuffer response;

    Batch(Simulator simulator, Engine engine, List<Port> ports, int[] inputs, int[] outputs, int rows) {
        if (rows < 1) {
            throw SimulationException.misuse("a batch of " + rows + " rows: at least 1");
        }
        this.simulator = simulator;
        this.engine = engine;
        this.ports = ports;
        this.inputs = inputs;
        this.outputs = outputs;
        this.rows = rows;
        inputAt = places(ports, inputs);
        outputAt = places(ports, outputs);
        stimulus = buffer(rows, stimulusWords());
        response = buffer(rows, responseWords());
    }

    /** The place of each port in a row, and the length of a row behind the last. */
    private static int[] places(List<Port> ports, int[] numbers) {
        int[] places = new int[numbers.length + 1];
        for (int i = 0; i < numbers.length; i++) {
            places[i + 1] = places[i] + (ports.get(numbers[i]).type().width() + 63) / 64;
        }
        return places;
    }

    private static LongBuffer buffer(int rows, int words) {
        long bytes = 8L * rows * words;
        if (bytes > Integer.MAX_VALUE) {
            throw SimulationException.misuse(
                    "a batch of " + rows + " rows of " + words + " words is beyond 2 GiB: use fewer rows at a time");
        }
        return ByteBuffer.allocateDirect((int) bytes)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    /** Most cycles of one {@link #run}. */
    public int rows() {
        return rows;
    }

    /** Words of a row of stimulus. */
    public int stimulusWords() {
        return inputAt[inputs.length];
    }

    /** Words of a row of response. */
    public int responseWords() {
        return outputAt[outputs.length];
    }

    /** All rows of stimulus, to fill directly. */
    public LongBuffer stimulus() {
        return stimulus;
    }

    /** All rows of response, to read directly. */
    public LongBuffer response() {
        return response;
    }

    /** Sets the lowest word of an input in a row. */
    public void set(int row, int input, long value) {
        check(row, input, inputs.length, "inputs");
        stimulus.put(row * stimulusWords() + inputAt[input], value);
    }

    /**
     * The lowest word of an output in a row.
     *
     * @throws SimulationException if bits of the output are unknown in that row
     */
    public long get(int row, int output) {
        if (isUnknown(row, output)) {
            Port port = ports.get(outputs[output]);
            throw SimulationException.misuse(port.name() + " (" + port.type() + ", " + port.loc()
                    + ") is unknown in row " + row + " of the batch: some of its bits are x or z");
        }
        return response.get(row * responseWords() + outputAt[output]);
    }

    /** Whether any bit of an output is unknown in a row of the last {@link #run}; it lies in {@link #response} as 0. */
    public boolean isUnknown(int row, int output) {
        check(row, output, outputs.length, "outputs");
        LongBuffer unknown = engine.unknown();
        if (unknown == null) {
            return false;
        }
        int start = row * responseWords();
        for (int word = outputAt[output]; word < outputAt[output + 1]; word++) {
            if (unknown.get(start + word) != 0) {
                return true;
            }
        }
        return false;
    }

    private void check(int row, int port, int count, String what) {
        if (row < 0 || row >= rows || port < 0 || port >= count) {
            throw SimulationException.misuse(
                    "row " + row + ", port " + port + " of a batch of " + rows + " rows with " + count + " " + what);
        }
    }

    /** Runs as many cycles, from row 0. */
    public void run(int cycles) {
        check(cycles);
        engine.batch(inputs, outputs, cycles, stimulus, response);
    }

    /**
     * The same, with inputs from queues: each feed's words are places in the rows of this batch, and what it offered stands in
     * the stimulus afterwards.
     */
    public void run(int cycles, List<Feed> feeds) {
        check(cycles);
        engine.batch(inputs, outputs, cycles, stimulus, stimulusWords(), response, responseWords(), feeds);
    }

    private void check(int cycles) {
        simulator.live();
        if (cycles < 0 || cycles > rows) {
            throw SimulationException.misuse("a run of " + cycles + " cycles in a batch of " + rows + " rows");
        }
    }
}
