// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product as plain integers, and its direct sum: the oracle of both model and hardware.
 *
 * @param activations [m][k]
 * @param weights [n][k]
 * @param group weights per scale group; 0: one group, no scales
 * @param scales [n][group], or null
 */
record Product(byte[][] activations, byte[][] weights, WeightCode code, int group, int @Nullable [][] scales) {

    /**
     * Random operands.
     *
     * @param extreme 0: uniform; 1: only the ends of every range, at random; 2: all at the ends that give the largest sum
     */
    static Product random(Random random, WeightCode code, int m, int n, int k, int group, int extreme) {
        byte[][] a = new byte[m][k];
        byte[][] w = new byte[n][k];
        for (byte[] row : a) for (int i = 0; i < k; i++) row[i] = (byte) pick(random, -127, 127, extreme);
        for (byte[] row : w) {
            for (int i = 0; i < k; i++) {
                do row[i] = (byte) pick(random, code.min(), code.max(), extreme);
                while (!code.contains(row[i]));
            }
        }
        if (group == 0) return new Product(a, w, code, 0, null);
        int[][] scales = new int[n][(k + group - 1) / group];
        for (int[] row : scales)
            for (int i = 0; i < row.length; i++) row[i] = extreme == 2 ? 255 : pick(random, 0, 255, extreme);
        return new Product(a, w, code, group, scales);
    }

    private static int pick(Random random, int min, int max, int extreme) {
        return switch (extreme) {
            case 0 -> min + random.nextInt(max - min + 1);
            case 1 -> random.nextBoolean() ? min : max;
            default -> min;
        };
    }

    /** [m][n]: sum of a*w, times the scale of its group. */
    long[][] expected() {
        long[][] sums = new long[activations.length][weights.length];
        for (int m = 0; m < activations.length; m++) {
            for (int n = 0; n < weights.length; n++) {
                for (int i = 0; i < weights[n].length; i++) {
                    long u = scales == null ? 1 : scales[n][i / group];
                    sums[m][n] += u * activations[m][i] * weights[n][i];
                }
            }
        }
        return sums;
    }
}
