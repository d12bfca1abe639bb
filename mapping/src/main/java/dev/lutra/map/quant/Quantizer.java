// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;
import java.util.Arrays;

/**
 * Rounds matrices to low-bit codes: to nearest, without calibration.
 *
 * <p>A short last group takes its scale from its real elements alone. With groups, the real-valued scales of a row become integers
 * 0..255 relative to the row's largest, and the codes are rounded against those integers, so that the error of the scale does not
 * add to that of the code.
 */
public final class Quantizer {
    private static final int LARGEST_GROUP_SCALE = 255;

    private Quantizer() {}

    /**
     * Quantises a matrix. One that is ternary already keeps its codes when the format is ternary.
     *
     * @param groupSize elements along the input dimension that share a scale, or 0 for one scale per row
     */
    public static QuantizedMatrix quantize(WeightMatrix matrix, WeightFormat format, int groupSize) {
        if (format == WeightFormat.TERNARY && matrix instanceof TernaryMatrix ternary) {
            return keep(ternary, groupSize);
        }
        int rows = matrix.rows();
        int cols = matrix.cols();
        byte[] codes = new byte[Math.multiplyExact(rows, cols)];
        float[] rowScales = new float[rows];
        float[] row = new float[cols];
        if (groupSize == 0) {
            for (int r = 0; r < rows; r++) {
                matrix.readRow(r, row);
                rowScales[r] = Rounding.scale(format, row, 0, cols);
                Rounding.codes(format, rowScales[r], row, 0, cols, codes, r * cols);
            }
            return new QuantizedMatrix(format, rows, cols, 0, codes, new byte[0], rowScales);
        }
        int groups = (cols + groupSize - 1) / groupSize;
        byte[] groupScales = new byte[Math.multiplyExact(rows, groups)];
        float[] scales = new float[groups];
        for (int r = 0; r < rows; r++) {
            matrix.readRow(r, row);
            rowScales[r] = rowScale(format, row, groupSize, scales);
            for (int g = 0; g < groups; g++) {
                int from = g * groupSize;
                int to = Math.min(from + groupSize, cols);
                int integer = integerScale(scales[g], rowScales[r]);
                groupScales[r * groups + g] = (byte) integer;
                Rounding.codes(format, integer * rowScales[r], row, from, to, codes, r * cols + from);
            }
        }
        return new QuantizedMatrix(format, rows, cols, groupSize, codes, groupScales, rowScales);
    }

    private static QuantizedMatrix keep(TernaryMatrix matrix, int groupSize) {
        int rows = matrix.rows();
        int cols = matrix.cols();
        byte[] codes = new byte[Math.multiplyExact(rows, cols)];
        byte[] row = new byte[cols];
        for (int r = 0; r < rows; r++) {
            matrix.readCodes(r, row);
            System.arraycopy(row, 0, codes, r * cols, cols);
        }
        float[] rowScales = new float[rows];
        Arrays.fill(rowScales, matrix.scale());
        byte[] groupScales = new byte[groupSize == 0 ? 0 : rows * ((cols + groupSize - 1) / groupSize)];
        Arrays.fill(groupScales, (byte) 1);
        return new QuantizedMatrix(WeightFormat.TERNARY, rows, cols, groupSize, codes, groupScales, rowScales);
    }

    /** Fills {@code scales} with the real-valued scale of each group and returns the row's: the largest of them / 255. */
    private static float rowScale(WeightFormat format, float[] row, int groupSize, float[] scales) {
        float largest = 0;
        for (int g = 0; g < scales.length; g++) {
            int from = g * groupSize;
            scales[g] = Rounding.scale(format, row, from, Math.min(from + groupSize, row.length));
            largest = Math.max(largest, scales[g]);
        }
        float scale = largest / LARGEST_GROUP_SCALE;
        return scale < Float.MIN_NORMAL ? 0 : scale;
    }

    /** Nearest integer, but at least 1 for a group that holds anything: its codes are then coarse instead of gone. */
    private static int integerScale(float scale, float rowScale) {
        if (scale == 0 || rowScale == 0) {
            return 0;
        }
        return (int) Math.max(1, Math.min(LARGEST_GROUP_SCALE, Math.rint(scale / rowScale)));
    }
}
