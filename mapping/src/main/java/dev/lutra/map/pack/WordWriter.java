// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.Engine;

/** Writes weight words as the packing of an engine has them ({@link dev.lutra.machine.WeightPacking}). */
final class WordWriter {
    private static final int TRIPLE_BITS = 5;

    private final Engine engine;
    private final int planes;
    private final int bits;
    private final int zeroPoint;
    private final int topPass;
    private byte[] image = new byte[0];
    private int bit;

    /**
     * For weights of a format.
     *
     * @param formatBits planes of the format
     * @param formatZeroPoint its z'
     */
    WordWriter(Engine engine, int formatBits, int formatZeroPoint) {
        this.engine = engine;
        this.planes = engine.planes();
        int passes = engine.passes(formatBits);
        this.bits = passes * planes;
        this.zeroPoint = engine.zeroPoint(formatBits, formatZeroPoint);
        this.topPass = passes - 1;
    }

    /** What a weight is cut into bits from. */
    int code(int weight) {
        return switch (engine.packing()) {
            case MAPPED_PLANES, RELATIVE_SIGNS, SIGNS -> unsigned(weight);
            case DIGITS, PLANES, TYPED_CODES -> weight & (1 << bits) - 1;
            case TRIPLES, CHAINS -> weight;
        };
    }

    /** From q' - z' = 2w with q' = 2q - (2^bits - 1); without a zero point q' = w. */
    private int unsigned(int weight) {
        int reinterpreted = zeroPoint == 0 ? weight : 2 * weight + zeroPoint;
        return (reinterpreted + (1 << bits) - 1) / 2;
    }

    /**
     * Writes one word.
     *
     * @param codes [column][k]
     * @param first k of the step's first element
     * @param pass 0 is the least significant one
     * @param into all zero from byte {@code at} on, as long as a word
     */
    void write(int[][] codes, int first, int pass, byte[] into, int at) {
        image = into;
        bit = at * 8;
        for (int[] column : codes) {
            switch (engine.packing()) {
                case MAPPED_PLANES -> mappedPlanes(column, first, pass);
                case RELATIVE_SIGNS -> relativeSigns(column, first, pass);
                case DIGITS -> digits(column, first, pass);
                case SIGNS, PLANES -> planes(column, first, pass);
                case TRIPLES -> triples(column, first);
                case TYPED_CODES -> slices(column, first, pass);
                case CHAINS -> throw new IllegalStateException("chains take words of several columns at a place");
            }
        }
    }

    private void mappedPlanes(int[] codes, int first, int pass) {
        int g = engine.g();
        int top = 1 << (g - 1);
        for (int table = first; table < first + engine.step(); table += g) {
            for (int plane = pass * planes; plane < (pass + 1) * planes; plane++) {
                int code = 0;
                for (int k = 0; k < g; k++) {
                    code |= (codes[table + k] >> plane & 1) << k;
                }
                put((code & top) == 0 ? code : code ^ (top - 1), g);
            }
        }
    }

    private void relativeSigns(int[] codes, int first, int plane) {
        for (int i = 0; i < engine.step(); i++) {
            int plus = codes[first + i] >> plane & 1;
            int partner = i == 0 ? 1 : codes[first + (i & (i - 1))] >> plane & 1;
            put(plus ^ partner, 1);
        }
    }

    private void digits(int[] codes, int first, int pass) {
        for (int i = 0; i < engine.step(); i++) {
            int digit = codes[first + i] >> pass * planes & (1 << planes) - 1;
            put(pass == topPass ? digit : digit ^ 1 << (planes - 1), planes);
        }
    }

    private void planes(int[] codes, int first, int plane) {
        for (int i = 0; i < engine.step(); i++) {
            put(codes[first + i] >> plane & 1, 1);
        }
    }

    private void triples(int[] codes, int first) {
        for (int i = first; i < first + engine.step(); i += 3) {
            int value = 9 * codes[i] + 3 * codes[i + 1] + codes[i + 2];
            put(value < 0 ? -value | 1 << (TRIPLE_BITS - 1) : value, TRIPLE_BITS);
        }
    }

    private void slices(int[] codes, int first, int pass) {
        for (int i = 0; i < engine.step(); i++) {
            put(codes[first + i] >> pass * planes & 3, planes);
        }
    }

    private void put(int value, int width) {
        for (int i = 0; i < width; i++, bit++) {
            image[bit / 8] |= (byte) ((value >> i & 1) << bit % 8);
        }
    }
}
