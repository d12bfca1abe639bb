// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.machine.ActivationType;
import java.util.SplittableRandom;

/** Rows of activations as they lie in memory. */
public final class RandomActivations {
    /** -65504, the smallest finite binary16 number. */
    private static final int SMALLEST_HALF = 0xFBFF;

    private RandomActivations() {}

    /**
     * Rows of k activations. Binary16 numbers of each row are up to an exponent of its own, subnormal ones among them, and many of them end in zeros, so that
     * ties are common under their greatest exponent.
     *
     * @param extreme all of them are the smallest there is
     * @return [row][k bytes, or 2 k]
     */
    public static byte[][] of(ActivationType type, int rows, int k, SplittableRandom random, boolean extreme) {
        byte[][] activations = new byte[rows][k * type.bytes()];
        boolean halves = type == ActivationType.FP16;
        for (byte[] row : activations) {
            int most = halves ? random.nextInt(31) : type.largest();
            for (int i = 0; i < k; i++) {
                int activation = extreme
                        ? halves ? SMALLEST_HALF : -most
                        : halves ? half(most, random) : random.nextInt(2 * most + 1) - most;
                ActivationType.put(activation, row, i * type.bytes(), type.bytes());
            }
        }
        return activations;
    }

    private static int half(int most, SplittableRandom random) {
        int exponent = Math.max(0, most - random.nextInt(12));
        int fraction = random.nextInt(1 << 10) & -1 << random.nextInt(8);
        return random.nextInt(2) << 15 | exponent << 10 | fraction;
    }
}
