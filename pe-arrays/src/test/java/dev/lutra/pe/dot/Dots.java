// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.pe.LutCoreModel;
import dev.lutra.pe.WeightCode;
import java.util.Random;

/**
 * One row of activations times a matrix of weights, and the functional model's results, which are the direct sums.
 *
 * @param activations [k]
 * @param weights [n][k]
 * @param sums [n]
 */
record Dots(byte[] activations, byte[][] weights, WeightCode code, long[] sums) {

    static Dots random(Random random, WeightCode code, int n, int k) {
        int kind = random.nextInt(3);
        byte[] a = new byte[k];
        byte[][] w = new byte[n][k];
        for (int i = 0; i < k; i++) a[i] = (byte) pick(random, -127, 127, kind);
        for (byte[] row : w) {
            for (int i = 0; i < k; i++) {
                do row[i] = (byte) pick(random, code.min(), code.max(), kind);
                while (!code.contains(row[i]));
            }
        }
        var model = new LutCoreModel(4, 40, 48);
        long[] modelled = model.multiply(new byte[][] {a}, model.map(w, code, 0))[0];
        long[] sums = new long[n];
        for (int i = 0; i < n; i++) for (int j = 0; j < k; j++) sums[i] += a[j] * w[i][j];
        assertThat(modelled).isEqualTo(sums);
        return new Dots(a, w, code, sums);
    }

    private static int pick(Random random, int min, int max, int kind) {
        if (kind == 2) return min;
        return kind == 1 ? random.nextBoolean() ? min : max : min + random.nextInt(max - min + 1);
    }

    /** Activation k, 0 beyond the end. */
    int activation(int k) {
        return k < activations.length ? activations[k] : 0;
    }

    /** The sign that a plane's bit of a weight stands for; any sign beyond the end. */
    int sign(int n, int k, int plane, Random random) {
        boolean bit = n < weights.length && k < activations.length
                ? (code.encode(weights[n][k]) >> plane & 1) == 1
                : random.nextBoolean();
        return bit ? 1 : -1;
    }

    /** {@code sum_planes 2^p sum +-a}, less z' times the sum of the activations: twice the product, or once where z' = 0. */
    long bipolar(int n) {
        return code.zeroPoint() == 0 ? sums[n] : 2 * sums[n];
    }

    /** {@code sum a q - z' sum a}, q the unsigned codes. */
    long unsigned(int n) {
        long sum = correction();
        for (int k = 0; k < activations.length; k++) sum += activations[k] * code.encode(weights[n][k]);
        return sum;
    }

    /** {@code -z' sum a}. */
    long correction() {
        long sum = 0;
        for (byte a : activations) sum += a;
        return -code.zeroPoint() * sum;
    }
}
