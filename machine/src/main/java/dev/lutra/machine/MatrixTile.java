// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import org.jspecify.annotations.Nullable;

/**
 * What an engine takes at a time: {@code m} rows and {@code k} elements of the reduction of the activations, {@code n} columns of weights.
 *
 * @param m rows, 1..64, a power of two
 * @param n columns, 4..256, a power of two
 * @param k elements of the reduction in a step, 2..96
 */
public record MatrixTile(int m, int n, int k) {
    private static final int MOST_M = 64;
    private static final int LEAST_N = 4;
    private static final int MOST_N = 256;
    private static final int MOST_K = 96;

    /** What no engine has, or null. */
    @Nullable
    String complaint() {
        if (m < 1 || m > MOST_M || Integer.bitCount(m) != 1) {
            return "m is %d: it must be a power of two from 1 to %d".formatted(m, MOST_M);
        } else if (n < LEAST_N || n > MOST_N || Integer.bitCount(n) != 1) {
            return "a block has %d columns: it must be a power of two from %d to %d".formatted(n, LEAST_N, MOST_N);
        } else if (k < 2 || k > MOST_K) {
            return "a step has %d elements: it must be from 2 to %d".formatted(k, MOST_K);
        }
        return null;
    }

    /** Such as {@code m1n16k16}. */
    @Override
    public String toString() {
        return "m%dn%dk%d".formatted(m, n, k);
    }
}
