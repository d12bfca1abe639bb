// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.machine.NmRatio;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Matrices of random codes of which N of M neighbours are left. */
public final class SparseCodes {

    private SparseCodes() {}

    /**
     * A matrix [n][k] with scales of 1. Of each M neighbours at most N are not 0.
     *
     * @param width rows that follow each other and have these in the same places
     */
    public static QuantizedMatrix matrix(
            WeightFormat format, int n, int k, NmRatio ratio, int width, SplittableRandom random) {
        return matrix(
                format, n, k, ratio, width, random, row -> random.nextInt(2 * format.maxCode() + 1) - format.maxCode());
    }

    /** The same of the greatest codes, negative in every other row. */
    static QuantizedMatrix extreme(
            WeightFormat format, int n, int k, NmRatio ratio, int width, SplittableRandom random) {
        return matrix(format, n, k, ratio, width, random, row -> row % 2 == 0 ? format.maxCode() : -format.maxCode());
    }

    /**
     * A matrix [n][k] with scales of 1, of whose tiles so many are left in each block of rows; all of their weights are not 0.
     *
     * @param rows of a tile
     * @param columns of a tile
     */
    public static QuantizedMatrix tiles(
            WeightFormat format, int n, int k, int rows, int columns, int kept, SplittableRandom random) {
        byte[] codes = new byte[n * k];
        for (int block = 0; block < n; block += rows) {
            for (int i = 0; i < kept; i++) {
                int from = random.nextInt((k + columns - 1) / columns) * columns;
                for (int row = block; row < Math.min(block + rows, n); row++) {
                    for (int col = from; col < Math.min(from + columns, k); col++) {
                        int magnitude = 1 + random.nextInt(format.maxCode());
                        codes[row * k + col] = (byte) (random.nextBoolean() ? magnitude : -magnitude);
                    }
                }
            }
        }
        float[] rowScales = new float[n];
        Arrays.fill(rowScales, 1);
        return new QuantizedMatrix(format, n, k, 0, codes, new byte[0], rowScales);
    }

    /** A matrix [n][k] with scales of 1 of which the weights of some columns are left, asked for each weight; all of these are not 0. */
    static QuantizedMatrix thinned(WeightFormat format, int n, int k, SplittableRandom random, IntPredicate kept) {
        byte[] codes = new byte[n * k];
        for (int i = 0; i < codes.length; i++) {
            int magnitude = 1 + random.nextInt(format.maxCode());
            codes[i] = (byte) (!kept.test(i % k) ? 0 : random.nextBoolean() ? magnitude : -magnitude);
        }
        float[] rowScales = new float[n];
        Arrays.fill(rowScales, 1);
        return new QuantizedMatrix(format, n, k, 0, codes, new byte[0], rowScales);
    }

    private static QuantizedMatrix matrix(
            WeightFormat format,
            int n,
            int k,
            NmRatio ratio,
            int width,
            SplittableRandom random,
            IntUnaryOperator code) {
        byte[] codes = new byte[n * k];
        for (int row = 0; row < n; row += width) {
            for (int from = 0; from < k; from += ratio.m()) {
                for (int i = 0; i < ratio.n(); i++) {
                    int col = from + random.nextInt(ratio.m());
                    for (int r = row; r < Math.min(row + width, n) && col < k; r++) {
                        codes[r * k + col] = (byte) code.applyAsInt(r);
                    }
                }
            }
        }
        float[] rowScales = new float[n];
        Arrays.fill(rowScales, 1);
        return new QuantizedMatrix(format, n, k, 0, codes, new byte[0], rowScales);
    }
}
