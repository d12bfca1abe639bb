// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

/**
 * N kept weights of each M neighbours; both are powers of two. {@code 1:1} is dense and stores no indices.
 *
 * @param n kept weights
 * @param m neighbours
 */
public record NmRatio(int n, int m) {
    /** All weights, in order. */
    public static final NmRatio DENSE = new NmRatio(1, 1);

    public NmRatio {
        if (n < 1 || n > m || m > 16 || Integer.bitCount(n) != 1 || Integer.bitCount(m) != 1) {
            throw new IllegalArgumentException(
                    n + ":" + m + " is no ratio of a chain: N and M are powers of two, 1 <= N <= M <= 16");
        }
    }

    /** Rows of weights that a chain holds at once. */
    public int rows() {
        return m / n;
    }

    /** log2 N. */
    int logN() {
        return Integer.numberOfTrailingZeros(n);
    }

    /** log2 M, the bits of an index. */
    int logM() {
        return Integer.numberOfTrailingZeros(m);
    }

    @Override
    public String toString() {
        return n + ":" + m;
    }
}
