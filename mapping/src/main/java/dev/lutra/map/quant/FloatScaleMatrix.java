// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.map.model.WeightMatrix;

/**
 * A matrix of codes with a real-valued scale per group. No engine of ours runs it: it is the yardstick that shows what integer group
 * scales cost.
 */
public final class FloatScaleMatrix {
    private final int rows;
    private final int cols;
    private final int groupSize;
    private final byte[] codes;
    private final float[] scales;

    /**
     * Quantises a matrix.
     *
     * @param groupSize elements along the input dimension that share a scale, or 0 for one scale per row
     */
    public FloatScaleMatrix(WeightMatrix matrix, WeightFormat format, int groupSize) {
        rows = matrix.rows();
        cols = matrix.cols();
        this.groupSize = groupSize == 0 ? cols : groupSize;
        codes = new byte[Math.multiplyExact(rows, cols)];
        scales = new float[Math.multiplyExact(rows, groups())];
        float[] row = new float[cols];
        for (int r = 0; r < rows; r++) {
            matrix.readRow(r, row);
            for (int g = 0; g < groups(); g++) {
                int from = g * this.groupSize;
                int to = Math.min(from + this.groupSize, cols);
                float scale = Rounding.scale(format, row, from, to);
                scales[r * groups() + g] = scale;
                Rounding.codes(format, scale, row, from, to, codes, r * cols + from);
            }
        }
    }

    private int groups() {
        return (cols + groupSize - 1) / groupSize;
    }

    public int rows() {
        return rows;
    }

    /** Sum over groups of scale x (exact sum of activation x code), in double precision. */
    public double dot(int row, int[] activations) {
        double sum = 0;
        for (int g = 0; g < groups(); g++) {
            int to = Math.min((g + 1) * groupSize, cols);
            long exact = 0;
            for (int k = g * groupSize; k < to; k++) {
                exact += (long) codes[row * cols + k] * activations[k];
            }
            sum += (double) scales[row * groups() + g] * exact;
        }
        return sum;
    }
}
