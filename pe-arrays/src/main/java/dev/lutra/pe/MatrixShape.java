// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Tables;
import org.jspecify.annotations.Nullable;

/**
 * Size of a {@link MatrixCore}.
 *
 * @param m rows of activations
 * @param n output columns
 * @param g activations that a code of the weights covers
 * @param t codes of a column in a weight word, so that a slot takes {@code t g} activations of each row
 * @param scaled whether groups can have scales
 * @param innerBits width of a group's sum before it is scaled, signed
 * @param outerBits width of a result, signed, at least innerBits
 * @param planes planes of a weight that a slot takes
 * @param passes most passes over the steps of a group
 * @param columnBits bits of a column in a weight word
 * @param elementBits bits of an activation, at most 8, the lower ones of a byte that holds its sign too; or 16
 * @param scaleBits bits of a line in the stream of scales: of a group of all columns, or of the indices of a pass
 * @param tables what tables are like
 * @param chains how chains share columns and steps out; null if the engine has none
 */
public record MatrixShape(
        int m,
        int n,
        int g,
        int t,
        boolean scaled,
        int innerBits,
        int outerBits,
        int planes,
        int passes,
        int columnBits,
        int elementBits,
        int scaleBits,
        Tables tables,
        @Nullable ChainLayout chains) {

    /** For INT8 activations and one plane of the weights a slot, of up to 8. */
    public MatrixShape(int m, int n, int g, int t, boolean scaled, int innerBits, int outerBits) {
        this(m, n, g, t, scaled, innerBits, outerBits, 1, 8, t * g, 8, 8 * n, Tables.REGISTERS, null);
    }

    /** Columns that share one precompute of tables. */
    public int unit() {
        return tables.unit() == 0 ? n : tables.unit();
    }

    /** Activations of a row in a slot. */
    public int step() {
        return t * g;
    }

    /** Bits of an activation in a line. */
    public int laneBits() {
        return elementBits > Byte.SIZE ? Short.SIZE : Byte.SIZE;
    }

    /** Width of an activation line. */
    public int activationBits() {
        return m * t * g * laneBits();
    }

    /** Width of a weight word. */
    public int weightBits() {
        return n * columnBits;
    }
}
