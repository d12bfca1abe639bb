// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

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
 */
public record MatrixShape(int m, int n, int g, int t, boolean scaled, int innerBits, int outerBits) {
    /** Width of an activation line. */
    public int activationBits() {
        return m * t * g * 8;
    }

    /** Width of a weight word. */
    public int weightBits() {
        return n * t * g;
    }
}
