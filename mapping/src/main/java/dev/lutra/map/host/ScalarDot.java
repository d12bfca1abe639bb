// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import java.util.List;

/** The plain dot product of INT8 activations and weights stored as INT8, four sums at a time. */
final class ScalarDot implements HostProduct {

    /** Columns whose sum fits an int, whatever the bytes. */
    private static final int BLOCK = 1 << 16;

    private final PlaneMatrix matrix;
    private final byte[] weights;
    private final List<Segment> segments;

    /** @throws IllegalArgumentException if a weight is not in -128..127 */
    ScalarDot(PlaneMatrix matrix) {
        this.matrix = matrix;
        segments = Segment.of(matrix, BLOCK);
        weights = new byte[matrix.rows() * matrix.cols()];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int col = 0; col < matrix.cols(); col++) {
                weights[row * matrix.cols() + col] = int8(matrix.weight(row, col));
            }
        }
    }

    static byte int8(int weight) {
        if (weight != (byte) weight) {
            throw new IllegalArgumentException("weight " + weight + " is no INT8");
        }
        return (byte) weight;
    }

    @Override
    public long[] multiply(byte[] activations) {
        matrix.requireActivations(activations);
        long[] sums = new long[matrix.rows()];
        for (int row = 0; row < sums.length; row++) {
            for (Segment segment : segments) {
                sums[row] += (long) matrix.scale(row, segment.group())
                        * dot(
                                activations,
                                segment.from(),
                                weights,
                                row * matrix.cols() + segment.from(),
                                segment.length());
            }
        }
        return sums;
    }

    private static int dot(byte[] a, int aFrom, byte[] w, int wFrom, int length) {
        int s0 = 0;
        int s1 = 0;
        int s2 = 0;
        int s3 = 0;
        int k = 0;
        for (; k + 3 < length; k += 4) {
            s0 += a[aFrom + k] * w[wFrom + k];
            s1 += a[aFrom + k + 1] * w[wFrom + k + 1];
            s2 += a[aFrom + k + 2] * w[wFrom + k + 2];
            s3 += a[aFrom + k + 3] * w[wFrom + k + 3];
        }
        for (; k < length; k++) {
            s0 += a[aFrom + k] * w[wFrom + k];
        }
        return s0 + s1 + s2 + s3;
    }
}
