// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import dev.lutra.machine.TypedCodes;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.WeightFormat;

/**
 * A matrix of integers {@code w = step x q - offset}: unsigned codes q of W bits, an offset and a scale per row and group. What host
 * products start from; immutable by contract, since it holds the arrays it was given.
 *
 * <p>The product with activations a is {@code sum over groups of scale x sum of a x w}. With {@code step = 1} the offset is the zero
 * point. Bipolar codes (W = 1, values -1 and +1) have step 2 and offset 1.
 *
 * @param rows outputs
 * @param cols inputs
 * @param planes bits W of a code, 1..8
 * @param step 1 or 2
 * @param groupSize elements along a row that share offset and scale; the last group may be shorter
 * @param codes [rows][cols], each an unsigned byte below 2^W
 * @param offsets [rows][groups], each in 0..255
 * @param scales [rows][groups], each an unsigned byte
 */
public record PlaneMatrix(
        int rows, int cols, int planes, int step, int groupSize, byte[] codes, short[] offsets, byte[] scales) {

    /** Values of floating-point codes are at most 16 halves. */
    private static final int FLOAT_OFFSET = 16;

    private static final int FLOAT_PLANES = 6;
    private static final int LARGEST = 255;

    public PlaneMatrix {
        if (rows < 1 || cols < 1 || groupSize < 1 || planes < 1 || planes > 8 || step < 1 || step > 2) {
            throw new IllegalArgumentException(
                    rows + " x " + cols + " codes of " + planes + " bits, step " + step + ", groups of " + groupSize);
        }
        int groups = (cols + groupSize - 1) / groupSize;
        if (codes.length != Math.multiplyExact(rows, cols)
                || offsets.length != Math.multiplyExact(rows, groups)
                || scales.length != offsets.length) {
            throw new IllegalArgumentException(codes.length + " codes, " + offsets.length + " offsets and "
                    + scales.length + " scales for " + rows + " x " + cols + " in groups of " + groupSize);
        }
        for (int i = 0; i < codes.length; i++) {
            if ((codes[i] & 0xff) >> planes != 0) {
                throw new IllegalArgumentException("code [" + i / cols + "][" + i % cols + "] = " + (codes[i] & 0xff)
                        + " has more than " + planes + " bits");
            }
        }
        for (short offset : offsets) {
            if (offset < 0 || offset > LARGEST) {
                throw new IllegalArgumentException("offset " + offset + ": 0.." + LARGEST + " is possible");
            }
        }
    }

    /** The codes of a quantised matrix, shifted so that none is negative; of floating-point ones their values in halves. */
    public static PlaneMatrix of(CodedMatrix matrix) {
        LayerFormat format = matrix.format();
        boolean floats = format.zeroPoint() == TypedCodes.FLOATS;
        int planes = floats ? FLOAT_PLANES : format.planes();
        int step = format == WeightFormat.INT1 ? 2 : 1;
        int offset = step == 2 || format == WeightFormat.TERNARY ? 1 : floats ? FLOAT_OFFSET : 1 << planes - 1;
        int groups = matrix.groups();
        byte[] codes = new byte[matrix.rows() * matrix.cols()];
        short[] offsets = new short[matrix.rows() * groups];
        byte[] scales = new byte[offsets.length];
        short[] row = new short[matrix.cols()];
        int groupSize = matrix.groupSize() == 0 ? matrix.cols() : matrix.groupSize();
        for (int r = 0; r < matrix.rows(); r++) {
            matrix.readValues(r, row);
            for (int g = 0; g < groups; g++) {
                int zero = floats ? 0 : matrix.mark(r, g);
                for (int c = g * groupSize; c < Math.min(row.length, (g + 1) * groupSize); c++) {
                    codes[r * row.length + c] = (byte) ((row[c] + zero + offset) / step);
                }
                offsets[r * groups + g] = (short) (offset + zero);
                scales[r * groups + g] = (byte) matrix.groupScale(r, g);
            }
        }
        return new PlaneMatrix(matrix.rows(), matrix.cols(), planes, step, groupSize, codes, offsets, scales);
    }

    /** Groups along a row. */
    public int groups() {
        return (cols + groupSize - 1) / groupSize;
    }

    /** The unsigned code of an element; 0 beyond the last row or column, where activations or results are dropped. */
    int code(int row, int col) {
        return row < rows && col < cols ? codes[row * cols + col] & 0xff : 0;
    }

    int offset(int row, int group) {
        return row < rows ? offsets[row * groups() + group] : 0;
    }

    int scale(int row, int group) {
        return row < rows ? scales[row * groups() + group] & 0xff : 0;
    }

    /** The integer that an element stands for, in -255..255. */
    int weight(int row, int col) {
        return step * code(row, col) - offset(row, col / groupSize);
    }

    /** Largest magnitude that a weight can have. */
    int bound() {
        int largest = 0;
        for (short offset : offsets) {
            largest = Math.max(largest, Math.max(offset, step * ((1 << planes) - 1) - offset));
        }
        return largest;
    }

    void requireActivations(byte[] activations) {
        if (activations.length != cols) {
            throw new IllegalArgumentException(activations.length + " activations for " + cols + " inputs");
        }
    }
}
