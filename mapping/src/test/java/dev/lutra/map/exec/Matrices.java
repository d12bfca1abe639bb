// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.Random;

/** Random matrices and rows, extreme values among them, and their product by the schoolbook. */
public final class Matrices {
    private Matrices() {}

    /** A matrix whose codes and scales are random, or all at an extreme. */
    public static QuantizedMatrix random(Random r, WeightFormat format, int n, int k, int groupSize) {
        int kind = r.nextInt(4);
        byte[] codes = new byte[n * k];
        for (int i = 0; i < codes.length; i++) {
            int code = kind == 0
                    ? format.maxCode()
                    : kind == 1 ? -format.maxCode() : r.nextInt(2 * format.maxCode() + 1) - format.maxCode();
            codes[i] = (byte) (format == WeightFormat.INT1 && code == 0 ? 1 : code);
        }
        byte[] scales = new byte[groupSize == 0 ? 0 : n * ((k + groupSize - 1) / groupSize)];
        r.nextBytes(scales);
        if (kind < 2) {
            Arrays.fill(scales, (byte) 255);
        }
        return new QuantizedMatrix(format, n, k, groupSize, codes, scales, new float[n]);
    }

    /** Rows of activations: random, or all 127 or -127. */
    public static byte[][] rows(Random r, int rows, int k) {
        int kind = r.nextInt(4);
        byte[][] a = new byte[rows][k];
        for (byte[] row : a) {
            for (int i = 0; i < k; i++) {
                row[i] = (byte) (kind == 0 ? 127 : kind == 1 ? -127 : r.nextInt(255) - 127);
            }
        }
        return a;
    }

    /** {@code sum of a * code * group scale}. */
    public static long[][] product(QuantizedMatrix w, byte[][] a) {
        long[][] y = new long[a.length][w.rows()];
        int groupSize = w.groupSize() == 0 ? w.cols() : w.groupSize();
        for (int row = 0; row < a.length; row++) {
            for (int n = 0; n < w.rows(); n++) {
                for (int k = 0; k < w.cols(); k++) {
                    y[row][n] += (long) a[row][k] * w.code(n, k) * w.groupScale(n, k / groupSize);
                }
            }
        }
        return y;
    }
}
