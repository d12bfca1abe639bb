// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import org.jspecify.annotations.Nullable;

/**
 * What the tables of {@code lut-int} are like.
 *
 * @param blocks 0: tables lie in registers, new in every slot, and sums stay; 4..64: tables lie in distributed RAM and stay while so many blocks of
 *     n columns, at most, pass, whose sums lie in a memory
 * @param quantised entries have 8 bits: with X the largest sum of magnitudes of a table among the t tables of a row and step, and
 *     {@code s = max(0, bits(X) - 7)}, an entry U counts as {@code 2^s clamp(RNE(U / 2^s), -127, 127)}
 * @param unit columns that share one precompute, which divide n; 0: all. No program can tell
 */
public record Tables(int blocks, boolean quantised, int unit) {

    /** New in every slot, and exact. */
    public static final Tables REGISTERS = new Tables(0, false, 0);

    private static final int LEAST_BLOCKS = 4;
    private static final int MOST_BLOCKS = 64;

    /** Whether tables stay while columns pass: each step's weight words are then those of all blocks, one after the other. */
    public boolean stay() {
        return blocks != 0;
    }

    /**
     * Cycles in which one adder writes a table of 2^(g-1) entries: g activations are added up, which is the first entry, then each entry follows from
     * the one before.
     */
    public static int writeCycles(int g) {
        return g + (1 << g - 1);
    }

    /** Why an engine does not go with these tables, or null. */
    @Nullable
    String complaint(Engine e) {
        if (equals(REGISTERS)) {
            return null;
        }
        if (!e.kind().equals(Engine.LUT_INT)) {
            return "has no tables with options: blocks, quantised and unit of engine.tables must be 0, false and 0,"
                    + " not %d, %b and %d".formatted(blocks, quantised, unit);
        }
        if (unit < 0 || unit > 0 && e.n() % unit != 0) {
            return "has %d columns, of which a precompute for %d each cannot be: engine.tables.unit must divide engine.n"
                    .formatted(e.n(), unit);
        }
        if (!stay()) {
            return null;
        }
        if (blocks < LEAST_BLOCKS || blocks > MOST_BLOCKS) {
            return "keeps the sums of %d to %d blocks while tables stay, not of %d"
                    .formatted(LEAST_BLOCKS, MOST_BLOCKS, blocks);
        }
        return e.groupScales()
                ? "ends the groups of its blocks one slot apart or a few while tables stay, and a group's scale takes eight:"
                        + " engine.groupScales must be false"
                : null;
    }
}
