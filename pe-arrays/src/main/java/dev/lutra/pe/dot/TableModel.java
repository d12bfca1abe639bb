// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import java.math.BigInteger;

/**
 * Functional model of {@link TableCore}, from LUT Tensor Core (arXiv 2408.06003), eq. 1-6 and its section on table quantisation, with integers of any size.
 *
 * <p>Weights are unsigned codes q of W bits, {@code q' = 2 q - (2^W - 1)}, zero points z in the same codes, {@code z' = 2 z - (2^W - 1)}: the result is
 * {@code sum_k a (q' - z')}, twice the product {@code sum a (q - z)}; without zero points {@code sum a q'}.
 *
 * <p><b>Quantised tables.</b> The reduction falls into tiles of T G activations, T tables of G. With X the largest {@code sum |a|} of the tile's tables,
 * {@code s = max(0, bits(X) - 7)}, an entry U counts as {@code 2^s clamp(RNE(U / 2^s), -127, 127)}. Zero points take the activations as they are.
 */
public final class TableModel {

    private TableModel() {}

    /**
     * A result.
     *
     * @param a activations of a row
     * @param q codes of a column
     * @param z zero points of the column, one per {@code group} codes; null: none
     * @param tables T of a tile
     * @param g activations of a table
     */
    public static BigInteger dot(
            int[] a,
            int[] q,
            int @org.jspecify.annotations.Nullable [] z,
            int group,
            int weightBits,
            int tables,
            int g,
            boolean quantised) {
        var sum = BigInteger.ZERO;
        int top = (1 << weightBits) - 1;
        int tile = tables * g;
        for (int from = 0; from < a.length; from += tile) {
            int shift = quantised ? shift(a, from, tables, g) : 0;
            for (int table = from; table < Math.min(from + tile, a.length); table += g) {
                for (int plane = 0; plane < weightBits; plane++) {
                    long entry = 0;
                    for (int k = table; k < Math.min(table + g, a.length); k++) {
                        entry += (q[k] >> plane & 1) == 1 ? a[k] : -a[k];
                    }
                    sum = sum.add(BigInteger.valueOf(quantised ? quantised(entry, shift) : entry)
                            .shiftLeft(plane));
                }
            }
        }
        if (z != null) {
            for (int k = 0; k < a.length; k++) {
                sum = sum.subtract(BigInteger.valueOf((long) a[k] * (2L * z[k / group] - top)));
            }
        }
        return sum;
    }

    private static int shift(int[] a, int from, int tables, int g) {
        int largest = 0;
        for (int t = 0; t < tables; t++) {
            int magnitude = 0;
            for (int k = 0; k < g; k++) {
                int at = from + t * g + k;
                if (at < a.length) magnitude += Math.abs(a[at]);
            }
            largest = Math.max(largest, magnitude);
        }
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(largest) - 7);
    }

    private static long quantised(long entry, int shift) {
        long rounded = (long) Math.rint(entry / (double) (1L << shift));
        return Math.max(-127, Math.min(127, rounded)) << shift;
    }
}
