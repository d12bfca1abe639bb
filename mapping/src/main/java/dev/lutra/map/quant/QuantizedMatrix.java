// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix [rows][cols] of integer codes with scales: what packing, the functional models and the reference start from.
 *
 * <p>Without groups {@code weight = code x rowScale[row]}. With groups of {@code groupSize} elements along a row (the last one may be
 * shorter) {@code weight = code x groupScale[row][group] x rowScale[row]}, where group scales are integers 0..255. So the
 * engine's result for one row of INT8 activations a, {@code sum over groups of groupScale x sum of a x code}, is an exact
 * integer, and one float factor per row remains for both cases.
 */
public final class QuantizedMatrix implements CodedMatrix {
    private final WeightFormat format;
    private final int rows;
    private final int cols;
    private final int groupSize;
    private final byte[] codes;
    private final byte[] groupScales;
    private final float[] rowScales;

    /**
     * Takes the arrays as they are; the caller must not change them afterwards.
     *
     * @param groupSize elements per group along a row, or 0 for one float scale per row
     * @param codes [rows][cols], natural signed integers of the format
     * @param groupScales [rows][groups], each an unsigned byte; empty if groupSize is 0
     * @param rowScales [rows], finite and not negative
     */
    public QuantizedMatrix(
            WeightFormat format,
            int rows,
            int cols,
            int groupSize,
            byte[] codes,
            byte[] groupScales,
            float[] rowScales) {
        this.format = format;
        this.rows = rows;
        this.cols = cols;
        this.groupSize = groupSize;
        this.codes = codes;
        this.groupScales = groupScales;
        this.rowScales = rowScales;
        if (rows < 1 || cols < 1 || groupSize < 0) {
            throw new IllegalArgumentException(rows + " x " + cols + ", groups of " + groupSize);
        }
        require("codes", codes.length, Math.multiplyExact(rows, cols));
        require("group scales", groupScales.length, groupSize == 0 ? 0 : Math.multiplyExact(rows, groups()));
        require("row scales", rowScales.length, rows);
        for (byte code : codes) {
            if (!format.isCode(code)) {
                throw new IllegalArgumentException("code " + code + " is not one of " + format);
            }
        }
        for (float scale : rowScales) {
            if (!(scale >= 0 && scale <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException("row scale " + scale);
            }
        }
    }

    private static void require(String what, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(length + " " + what + " given, " + expected + " needed");
        }
    }

    @Override
    public WeightFormat format() {
        return format;
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
    public int groupSize() {
        return groupSize;
    }

    @Override
    public int groups() {
        return groupSize == 0 ? 1 : (cols + groupSize - 1) / groupSize;
    }

    /** The signed integer code of one element. */
    public int code(int row, int col) {
        return codes[row * cols + col];
    }

    /** Copies the codes of one row. */
    public void readCodes(int row, byte[] into) {
        System.arraycopy(codes, row * cols, into, 0, cols);
    }

    @Override
    public int groupScale(int row, int group) {
        return groupSize == 0 ? 1 : groupScales[row * groups() + group] & 0xff;
    }

    @Override
    public int mark(int row, int group) {
        return 0;
    }

    @Override
    public void readCodes(int row, int[] into) {
        for (int i = 0; i < cols; i++) {
            into[i] = codes[row * cols + i];
        }
    }

    @Override
    public void readValues(int row, short[] into) {
        for (int i = 0; i < cols; i++) {
            into[i] = codes[row * cols + i];
        }
    }

    @Override
    public float rowScale(int row) {
        return rowScales[row];
    }

    @Override
    public int value(int row, int col) {
        return code(row, col);
    }

    @Override
    public double weight(int row, int col) {
        int group = groupSize == 0 ? 0 : col / groupSize;
        return (double) code(row, col) * groupScale(row, group) * rowScale(row);
    }

    /** The matrices one above the other; all must agree in format, columns and group size. */
    public static QuantizedMatrix stack(List<QuantizedMatrix> parts) {
        QuantizedMatrix first = parts.get(0);
        if (parts.size() == 1) {
            return first;
        }
        int rows = 0;
        for (QuantizedMatrix part : parts) {
            if (part.format != first.format || part.cols != first.cols || part.groupSize != first.groupSize) {
                throw new IllegalArgumentException("cannot stack " + part + " under " + first);
            }
            rows = Math.addExact(rows, part.rows);
        }
        List<byte[]> codes = new ArrayList<>();
        List<byte[]> groupScales = new ArrayList<>();
        float[] rowScales = new float[rows];
        int row = 0;
        for (QuantizedMatrix part : parts) {
            codes.add(part.codes);
            groupScales.add(part.groupScales);
            System.arraycopy(part.rowScales, 0, rowScales, row, part.rows);
            row += part.rows;
        }
        return new QuantizedMatrix(
                first.format, rows, first.cols, first.groupSize, join(codes), join(groupScales), rowScales);
    }

    private static byte[] join(List<byte[]> parts) {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizedMatrix that
                && format == that.format
                && rows == that.rows
                && cols == that.cols
                && groupSize == that.groupSize
                && Arrays.equals(codes, that.codes)
                && Arrays.equals(groupScales, that.groupScales)
                && Arrays.equals(rowScales, that.rowScales);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codes) * 31 + Arrays.hashCode(rowScales);
    }

    @Override
    public String toString() {
        return rows + " x " + cols + " " + format.optionName()
                + (groupSize == 0 ? " per row" : " in groups of " + groupSize);
    }
}
