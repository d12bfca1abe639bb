// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.ActivationType;
import dev.lutra.pe.dot.SharedExponent;

/**
 * Rows of FP16 activations: binary16 numbers of two bytes each, little endian, and the integers that engines make of them under the greatest exponent of the
 * row ({@link SharedExponent} of 16 bits).
 */
final class HalfRow {
    private static final SharedExponent ARITHMETIC = new SharedExponent(ActivationType.FP16.bits());
    private static final int BYTES = ActivationType.FP16.bytes();

    /** What an integer counts under the least exponent: 2^-28. */
    static final float LEAST_UNIT = unit(1);

    private HalfRow() {}

    /**
     * Rounds one row to nearest even; its scale is the power of two that an integer of it counts.
     *
     * @throws ArithmeticException if an element is not a number or none of binary16, whose largest is 65504
     */
    static Int8Row of(float[] x) {
        byte[] halves = new byte[x.length * BYTES];
        for (int i = 0; i < x.length; i++) {
            int half = (int) SharedExponent.half(x[i]);
            if (!SharedExponent.isFinite(half)) {
                throw new ArithmeticException(
                        "an activation is " + x[i] + (Float.isFinite(x[i]) ? ", beyond FP16" : ""));
            }
            ActivationType.put(half, halves, i * BYTES, BYTES);
        }
        return new Int8Row(halves, unit(exponent(halves)));
    }

    /** The greatest exponent of a row. */
    static int exponent(byte[] halves) {
        return SharedExponent.exponent(bits(halves));
    }

    /** The rows as INT16, each under its own exponent. */
    static byte[][] integers(byte[][] rows) {
        byte[][] integers = new byte[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            long[] halves = bits(rows[r]);
            int exponent = SharedExponent.exponent(halves);
            integers[r] = new byte[rows[r].length];
            for (int i = 0; i < halves.length; i++) {
                ActivationType.put((int) ARITHMETIC.align(halves[i], exponent), integers[r], i * BYTES, BYTES);
            }
        }
        return integers;
    }

    private static float unit(int exponent) {
        return Math.scalb(1f, ARITHMETIC.scale(exponent));
    }

    private static long[] bits(byte[] row) {
        long[] halves = new long[row.length / BYTES];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = ActivationType.at(row, i * BYTES, BYTES) & 0xFFFF;
        }
        return halves;
    }
}
