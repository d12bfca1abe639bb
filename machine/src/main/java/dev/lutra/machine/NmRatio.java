// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * N kept weights of each M neighbours; both are powers of two. {@code 1:1} is dense and stores no indices.
 *
 * @param n kept weights
 * @param m neighbours
 */
public record NmRatio(int n, int m) {
    /** All weights, in order. */
    public static final NmRatio DENSE = new NmRatio(1, 1);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,2}):(\\d{1,2})");

    public NmRatio {
        if (n < 1 || n > m || m > 16 || Integer.bitCount(n) != 1 || Integer.bitCount(m) != 1) {
            throw new IllegalArgumentException(
                    n + ":" + m + " is no ratio of a chain: N and M are powers of two, 1 <= N <= M <= 16");
        }
    }

    /** Reads {@code 2:4}; empty if it is no ratio. */
    public static Optional<NmRatio> parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NmRatio(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Rows of weights that a chain holds at once. */
    public int rows() {
        return m / n;
    }

    /** Whether weights come with indices. */
    public boolean indexed() {
        return m > 1;
    }

    /** log2 N. */
    public int logN() {
        return Integer.numberOfTrailingZeros(n);
    }

    /** log2 M, the bits of an index. */
    public int logM() {
        return Integer.numberOfTrailingZeros(m);
    }

    @Override
    public String toString() {
        return n + ":" + m;
    }
}
