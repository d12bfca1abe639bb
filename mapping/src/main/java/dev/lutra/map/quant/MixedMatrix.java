// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.map.model.WeightMatrix;
import dev.lutra.pe.serial.SerialType;
import java.util.List;

/**
 * A matrix [rows][cols] of codes for the bit-serial engine. Each group along a row has a type, a zero point and a scale of 8 bits, each
 * row a float factor: {@code weight = (value(code) - zero) x groupScale x rowScale}. Values of floating-point types count in halves;
 * the half is in the row's factor.
 *
 * <p>A type is chosen with the group's real-valued scale. Then {@code rowScale = max(scale) / 255},
 * {@code groupScale = clamp(rne(scale / rowScale), 1, 255)}, and codes are rounded against {@code groupScale x rowScale}. So the result
 * for INT8 activations is an exact integer times one factor per row, as with every other format.
 */
public final class MixedMatrix implements CodedMatrix {
    private static final int LARGEST_GROUP_SCALE = 255;

    /** Least and most weights of a group. */
    public static final int LEAST_GROUP = 16;

    public static final int MOST_GROUP = 256;

    private final MixedFormat format;
    private final int rows;
    private final int cols;
    private final int groupSize;
    private final byte[] codes;
    private final SerialType[] types;
    private final int[] zeros;
    private final int[] groupScales;
    private final float[] rowScales;
    private final float[] realScales;

    private MixedMatrix(MixedFormat format, int rows, int cols, int groupSize) {
        this.format = format;
        this.rows = rows;
        this.cols = cols;
        this.groupSize = groupSize;
        codes = new byte[Math.multiplyExact(rows, cols)];
        types = new SerialType[Math.multiplyExact(rows, groups())];
        zeros = new int[types.length];
        groupScales = new int[types.length];
        realScales = new float[types.length];
        rowScales = new float[rows];
    }

    /**
     * Quantises a matrix.
     *
     * @param groupSize elements along the input dimension that share a type and a scale, 16..256, or 0 for a whole row
     * @param integerScales false: each group keeps its real-valued scale, and {@link #accumulate} is of no use
     */
    public static MixedMatrix quantize(WeightMatrix matrix, MixedFormat format, int groupSize, boolean integerScales) {
        if (groupSize != 0 && (groupSize < LEAST_GROUP || groupSize > MOST_GROUP)) {
            throw new IllegalArgumentException(
                    "groups of %d weights: %d to %d are possible, or 0".formatted(groupSize, LEAST_GROUP, MOST_GROUP));
        }
        var result = new MixedMatrix(format, matrix.rows(), matrix.cols(), groupSize == 0 ? matrix.cols() : groupSize);
        float[] row = new float[matrix.cols()];
        for (int r = 0; r < matrix.rows(); r++) {
            matrix.readRow(r, row);
            result.quantize(r, row, integerScales);
        }
        return result;
    }

    private void quantize(int r, float[] row, boolean integerScales) {
        GroupCodes.Choice[] choices = new GroupCodes.Choice[groups()];
        float largest = 0;
        for (int g = 0; g < choices.length; g++) {
            choices[g] = GroupCodes.choose(format, row, g * groupSize, end(g));
            largest = Math.max(largest, choices[g].scale());
        }
        rowScales[r] = largest / LARGEST_GROUP_SCALE;
        for (int g = 0; g < choices.length; g++) {
            int at = r * groups() + g;
            groupScales[at] =
                    (int) Math.max(1, Math.min(LARGEST_GROUP_SCALE, Math.rint(choices[g].scale() / rowScales[r])));
            realScales[at] = integerScales ? groupScales[at] * rowScales[r] : choices[g].scale();
            types[at] = choices[g].type();
            zeros[at] = choices[g].zero();
            int from = g * groupSize;
            GroupCodes.round(choices[g].with(realScales[at]), row, from, end(g), codes, r * cols + from);
        }
    }

    private int end(int group) {
        return Math.min((group + 1) * groupSize, cols);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int cols() {
        return cols;
    }

    @Override
    public int groups() {
        return (cols + groupSize - 1) / groupSize;
    }

    /** Type of the codes of a group. */
    public SerialType type(int row, int group) {
        return types[row * groups() + group];
    }

    /** What is subtracted from the values of a group; 0 but for asymmetric formats. */
    public int zero(int row, int group) {
        return zeros[row * groups() + group];
    }

    @Override
    public int groupScale(int row, int group) {
        return groupScales[row * groups() + group];
    }

    @Override
    public float rowScale(int row) {
        return rowScales[row];
    }

    @Override
    public MixedFormat format() {
        return format;
    }

    @Override
    public int groupSize() {
        return groupSize;
    }

    @Override
    public int mark(int row, int group) {
        int at = row * groups() + group;
        return types[at].isFloat() ? types[at].special() : zeros[at];
    }

    @Override
    public void readCodes(int row, int[] into) {
        for (int c = 0; c < cols; c++) {
            SerialType type = types[row * groups() + c / groupSize];
            int code = code(row, c);
            into[c] = type.isFloat() ? code << format.planes() - format.bits() : type.value(code);
        }
    }

    @Override
    public void readValues(int row, short[] into) {
        for (int c = 0; c < cols; c++) {
            into[c] = (short) value(row, c);
        }
    }

    static MixedMatrix stack(List<MixedMatrix> parts) {
        MixedMatrix first = parts.get(0);
        int rows = 0;
        for (MixedMatrix part : parts) {
            if (part.format != first.format || part.cols != first.cols || part.groupSize != first.groupSize) {
                throw new IllegalArgumentException("cannot stack " + part + " under " + first);
            }
            rows = Math.addExact(rows, part.rows);
        }
        var all = new MixedMatrix(first.format, rows, first.cols, first.groupSize);
        int row = 0;
        for (MixedMatrix part : parts) {
            System.arraycopy(part.codes, 0, all.codes, row * first.cols, part.codes.length);
            int group = row * first.groups();
            System.arraycopy(part.types, 0, all.types, group, part.types.length);
            System.arraycopy(part.zeros, 0, all.zeros, group, part.types.length);
            System.arraycopy(part.groupScales, 0, all.groupScales, group, part.types.length);
            System.arraycopy(part.realScales, 0, all.realScales, group, part.types.length);
            System.arraycopy(part.rowScales, 0, all.rowScales, row, part.rows);
            row += part.rows;
        }
        return all;
    }

    @Override
    public String toString() {
        return "%d x %d %s in groups of %d".formatted(rows, cols, format.optionName(), groupSize);
    }

    /** Unsigned code of an element. */
    public int code(int row, int col) {
        return codes[row * cols + col] & 0xff;
    }

    @Override
    public int value(int row, int col) {
        int at = row * groups() + col / groupSize;
        return types[at].value(codes[row * cols + col] & 0xff) - zeros[at];
    }

    @Override
    public double weight(int row, int col) {
        return (double) value(row, col) * realScales[row * groups() + col / groupSize];
    }

    /** The integers of all elements, row by row; for callers that need them often. */
    public short[] values() {
        short[] values = new short[codes.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                values[r * cols + c] = (short) value(r, c);
            }
        }
        return values;
    }

    /** Sum over groups of group scale x sum of activation x value: exact; what the engine computes. {@code values} are this matrix's. */
    public long accumulate(short[] values, int row, byte[] activations) {
        long sum = 0;
        for (int g = 0; g < groups(); g++) {
            sum += (long) groupScales[row * groups() + g] * dot(values, row, g, activations);
        }
        return sum;
    }

    /** Sum over groups of real-valued scale x exact sum of the group, in double precision. */
    public double product(short[] values, int row, byte[] activations) {
        double sum = 0;
        for (int g = 0; g < groups(); g++) {
            sum += (double) realScales[row * groups() + g] * dot(values, row, g, activations);
        }
        return sum;
    }

    /** A row of 2^15 columns and more could overflow an int: the sum is a long's. */
    private long dot(short[] values, int row, int group, byte[] activations) {
        long sum = 0;
        for (int k = group * groupSize; k < end(group); k++) {
            sum += values[row * cols + k] * activations[k];
        }
        return sum;
    }
}
