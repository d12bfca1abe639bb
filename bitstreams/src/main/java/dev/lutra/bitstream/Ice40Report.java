// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

/**
 * What a placed and routed design takes of an iCE40.
 *
 * @param logicCells 4-input tables with their flip-flop and carry, each one or more of them used
 * @param blockRams blocks of 4 Kbit (EBR)
 * @param singlePortRams blocks of 256 Kbit (SPRAM)
 * @param dspBlocks multipliers (SB_MAC16)
 * @param megahertz clock rate reached by the slowest clock, by the router's own timing model
 */
public record Ice40Report(Use logicCells, Use blockRams, Use singlePortRams, Use dspBlocks, double megahertz) {

    /** Cells of a kind. */
    public record Use(int used, int available) {
        @Override
        public String toString() {
            return used + " of " + available;
        }
    }

    @Override
    public String toString() {
        return "logic cells %s, EBR %s, SPRAM %s, DSP %s, %.1f MHz"
                .formatted(logicCells, blockRams, singlePortRams, dspBlocks, megahertz);
    }
}
