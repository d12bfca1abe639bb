// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import java.util.Arrays;

/**
 * Keys and values of one head at {@link #POSITIONS} positions in a row, as integers. Each key and each value has a float factor of its own,
 * {@code element = code x scale}, so that a position is rounded once, when it comes, and never again. Where no position has come yet, codes
 * are 0.
 */
public final class KvPage {
    /** Positions of a page: a power of two, so a whole number of steps of nearly every engine. */
    public static final int POSITIONS = 64;

    private final WeightFormat format;
    private final int headDim;
    private final byte[][] keys;
    private final byte[][] values;
    private final float[] keyScales = new float[POSITIONS];
    private final float[] valueScales = new float[POSITIONS];
    private int version;

    /** An empty page. */
    public KvPage(WeightFormat format, int headDim) {
        this.format = format;
        this.headDim = headDim;
        keys = new byte[POSITIONS][headDim];
        values = new byte[POSITIONS][headDim];
    }

    /**
     * Rounds key and value of a position to codes ({@code rne(x / scale)}, scale = largest magnitude / largest code) and keeps them.
     *
     * @param position 0 .. {@link #POSITIONS} - 1, within the page
     * @param keyFrom where in {@code row} the key's headDim elements begin
     * @param valueFrom where the value's begin
     * @throws ArithmeticException if an element is infinite or not a number
     */
    public void put(int position, float[] row, int keyFrom, int valueFrom) {
        keyScales[position] = round(row, keyFrom, keys[position]);
        valueScales[position] = round(row, valueFrom, values[position]);
        version++;
    }

    private float round(float[] row, int from, byte[] codes) {
        for (int i = from; i < from + headDim; i++) {
            if (!Float.isFinite(row[i])) {
                throw new ArithmeticException("an element of a key or value is " + row[i]);
            }
        }
        float scale = Rounding.scale(format, row, from, from + headDim);
        Rounding.codes(format, scale, row, from, from + headDim, codes, 0);
        return scale;
    }

    /** Grows with every {@link #put}: what was packed at another version is out of date. */
    public int version() {
        return version;
    }

    /** Float factor of a position's key. */
    public float keyScale(int position) {
        return keyScales[position];
    }

    /** Float factor of a position's value. */
    public float valueScale(int position) {
        return valueScales[position];
    }

    /** The codes [n][k] of a product; its row scales are 1, since factors belong to positions. */
    public QuantizedMatrix matrix(KvProduct product) {
        int rows = product.outputs(headDim);
        int cols = product.inputs(headDim);
        byte[] codes = new byte[rows * cols];
        for (int position = 0; position < POSITIONS; position++) {
            for (int d = 0; d < headDim; d++) {
                if (product == KvProduct.KEYS) {
                    codes[position * cols + d] = keys[position][d];
                } else {
                    codes[d * cols + position] = values[position][d];
                }
            }
        }
        float[] scales = new float[rows];
        Arrays.fill(scales, 1);
        return new QuantizedMatrix(format, rows, cols, 0, codes, new byte[0], scales);
    }
}
