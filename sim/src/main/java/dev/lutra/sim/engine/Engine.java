// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One open simulation of one design. Every engine behaves the same, cycle for cycle.
 *
 * <p><b>Ports</b> are numbered by their place in {@code circuit.top().ports()}; clock and reset are not ports.
 *
 * <p><b>Values.</b> A port of width w takes {@code ceil(w / 64)} words, least significant first. Going in, bits beyond
 * the width are ignored. Coming out, the last word of a signed port is sign-extended and that of any other port is
 * zero-extended to 64 bits.
 *
 * <p><b>Statements that look</b> see the settled design before each edge outside reset. What they find is told after that edge:
 * printed lines go to the listener, a failed {@code require} or {@code assume} ends the running call with a
 * {@link RequireException}, {@code stop} with a {@link StopException}.
 *
 * <p><b>Time.</b> A cycle is: settle, attached memories sample, rising edge, settle. {@link #cycle} counts edges since
 * the simulation was opened, those in reset included. A poke takes effect at once; a peek sees the settled design.
 *
 * <p><b>Several clocks.</b> A cycle is one of the base clock, the first of {@link Clocks#of}. It begins with the edges of other
 * clocks that come before the base clock's next edge, each followed by settling. A trace shows cycles, not the edges in between.
 *
 * <p><b>Start.</b> Memories hold their initial contents, registers zero (also those with a reset value, which they take in
 * {@link #reset}), inputs are zero, reset is not asserted. An engine of four states starts registers and other contents of
 * memories as unknown.
 *
 * <p>Arguments have been checked by the caller (port numbers, directions, buffer sizes). An instance is used by one
 * thread at a time. After a {@link SimulationException} the simulation may still be peeked, traced, reset and closed.
 */
public interface Engine extends AutoCloseable {

    /** Drives an input of at most 64 bits. */
    void poke(int port, long value);

    /** Drives an input of any width. */
    void poke(int port, long[] words);

    /** The settled value of a port of at most 64 bits. */
    long peek(int port);

    /** Stores the settled value of a port of any width. */
    void peek(int port, long[] words);

    /** Whether any bit of the settled port is neither 0 nor 1, which engines of two states never say; such bits peek as 0. */
    default boolean unknown(int port) {
        return false;
    }

    /**
     * Holds reset for a number of cycles (at least 1), then releases it. Attached memories are idle meanwhile and start from
     * time 0 afterwards; their contents stay.
     */
    void reset(int cycles);

    /** Runs cycles with the inputs held. */
    void step(long cycles);

    /**
     * Runs until a port of one bit is 1 in the settled design, which is tested before each cycle.
     *
     * @return cycles run (0 if the condition holds already), or -1 if it does not hold after {@code maxCycles}
     */
    long runUntil(int port, long maxCycles);

    /**
     * Runs cycles with a row of stimulus each. Cycle i pokes {@code inputs} from row i of {@code stimulus}, settles, stores
     * {@code outputs} to row i of {@code response}, and then takes the edge. A row is the words of its ports in order,
     * nothing between them. Buffers are read and written from their position, which is not moved.
     */
    void batch(int[] inputs, int[] outputs, long cycles, LongBuffer stimulus, LongBuffer response);

    /** Which bits of the last batch's response are neither 0 nor 1, word by word as they lie there; null: none. */
    default @Nullable LongBuffer unknown() {
        return null;
    }

    /**
     * A batch some of whose inputs come from queues: feeds complete each row of stimulus before its cycle, and look at the row of
     * response behind it. Rows have {@code stimulusWords} and {@code responseWords} words. This way of doing it, a batch per
     * cycle, is what every engine can do.
     */
    default void batch(
            int[] inputs,
            int[] outputs,
            long cycles,
            LongBuffer stimulus,
            int stimulusWords,
            LongBuffer response,
            int responseWords,
            List<Feed> feeds) {
        Feed.run(this, inputs, outputs, cycles, stimulus, stimulusWords, response, responseWords, feeds);
    }

    /** Edges since the simulation was opened. */
    long cycle();

    /**
     * Sets when a clock rises, before the first cycle: at {@code phase}, {@code phase + period} and so on, in units of time;
     * {@code 0 <= phase < period}. At first all clocks have period 1 and phase 0.
     *
     * @param clock its place in {@link Clocks#of}
     */
    void clock(int clock, long period, long phase);

    /**
     * Attaches an AXI4 slave memory to the ports {@code <prefix>_arvalid} and so on (docs/sim/axi-memory.md). From then on
     * the memory drives the inputs of the group.
     */
    AxiMemory attachMemory(AxiPorts ports, MemoryConfig config);

    /**
     * Writes a VCD of the cycles {@code fromCycle} (inclusive) to {@code toCycle} (exclusive), numbered like
     * {@link #cycle}. The file is complete after {@code toCycle} or {@link #close}. One trace per simulation.
     */
    void trace(Path vcd, long fromCycle, long toCycle);

    /** What the design says: lines it prints, things covered. Failures and stops are thrown by the running call. */
    Speech speech();

    @Override
    void close();
}
