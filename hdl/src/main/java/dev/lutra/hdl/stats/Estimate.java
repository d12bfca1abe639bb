// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

/**
 * What something takes of an FPGA, about.
 *
 * @param luts look-up tables, those of small memories and of carry chains included
 * @param flipFlops flip-flops outside memories and multipliers
 * @param dsps multiplier blocks
 * @param blockRams memory blocks of the size of {@link Target}
 */
public record Estimate(long luts, long flipFlops, long dsps, long blockRams) {
    /** Nothing. */
    public static final Estimate NONE = new Estimate(0, 0, 0, 0);

    /** Both together. */
    public Estimate plus(Estimate other) {
        return new Estimate(
                luts + other.luts, flipFlops + other.flipFlops, dsps + other.dsps, blockRams + other.blockRams);
    }
}
