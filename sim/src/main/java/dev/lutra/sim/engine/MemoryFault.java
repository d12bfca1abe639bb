// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * A fault injected into an {@link AxiMemory}. A burst matches if its direction is selected and it touches a byte of
 * {@code [from, to)}; matching bursts are counted from 1 at their address handshake, and those numbered {@code first} to
 * {@code first + times - 1} fail.
 *
 * @param kind what a failing burst gets
 * @param from first byte address
 * @param to one past the last byte address
 * @param reads whether read bursts match
 * @param writes whether write bursts match
 * @param first number of the first failing burst (at least 1)
 * @param times how many fail (at least 1; {@link Long#MAX_VALUE} for all)
 */
public record MemoryFault(Kind kind, long from, long to, boolean reads, boolean writes, long first, long times) {

    /** What a failing burst gets. */
    public enum Kind {
        /** Every beat answers SLVERR; read data is all ones, nothing is written. */
        SLVERR,
        /** The same with DECERR. */
        DECERR,
        /** From the next cycle on the memory accepts and answers nothing, until reset or {@link AxiMemory#clearFaults}. */
        HANG
    }

    public MemoryFault {
        if (from < 0 || to <= from) {
            throw new SimulationException("memory fault: address range [" + from + ", " + to + ") is empty");
        }
        if (!reads && !writes) {
            throw new SimulationException("memory fault: neither reads nor writes selected");
        }
        if (first < 1 || times < 1) {
            throw new SimulationException(
                    "memory fault: first " + first + " and times " + times + " must be at least 1");
        }
    }

    /** The n-th burst in either direction that touches the range, and only that. */
    public static MemoryFault nth(Kind kind, long from, long to, long n) {
        return new MemoryFault(kind, from, to, true, true, n, 1);
    }
}
