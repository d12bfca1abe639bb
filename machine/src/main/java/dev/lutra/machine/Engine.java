// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * The matrix engine of a machine: integer activations times bit planes of weights.
 *
 * <p>One step takes {@code t * g} activations of each of {@code m} rows (INT8) and one weight word of
 * {@code n * t * g} bits, which is one bit plane of {@code n} output columns.
 *
 * @param kind engine family: {@code lut-int}, or the name of one that a jar offers to the generator
 * @param m rows computed together, 1..64, a power of two
 * @param n output columns, 4..256, a power of two
 * @param g activations per table, 2..6 (a table holds 2^(g-1) entries)
 * @param t tables summed before one accumulator, 1..16, a power of two
 * @param maxBits widest weight, 1..8 bits (planes)
 * @param groupScales whether unsigned 8-bit group scales can be applied
 * @param innerBits width of the accumulator of one group (or of one MX instruction without scales), 16..32, signed
 * @param outerBits width of the accumulator over groups, innerBits..64, signed
 */
public record Engine(
        String kind, int m, int n, int g, int t, int maxBits, boolean groupScales, int innerBits, int outerBits) {

    /** The engine family that is always there: the LUT tensor core. */
    public static final String LUT_INT = "lut-int";

    /** Activations of the reduction dimension taken by one step: {@code t * g}. */
    public int step() {
        return t * g;
    }

    /** Bits of a weight word: {@code n * t * g}. */
    public int wordBits() {
        return n * t * g;
    }

    /** Bytes of a weight word. */
    public int wordBytes() {
        return wordBits() / 8;
    }
}
