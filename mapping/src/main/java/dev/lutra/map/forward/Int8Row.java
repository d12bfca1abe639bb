// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.ActivationType;

/**
 * One row of activations as integers, of at most 8 bits as a rule: {@code x ~ values x scale}; or as binary16 numbers, of which engines make integers.
 *
 * @param values in -127..127, or the range of the type; of INT16 and FP16 two bytes each, little endian
 * @param scale largest magnitude of the row / 127, or the largest value of the type; of FP16 {@code 2^(X-29)}, X being the greatest exponent of the row
 */
public record Int8Row(byte[] values, float scale) {
    /** A row of less than this is taken to have this largest magnitude, as BitNet's own quantiser does. */
    private static final float SMALLEST_MAGNITUDE = 1e-5f;

    /**
     * Quantises one row, all in binary32: {@code m = max(max|x|, 1e-5)}, values {@code clamp(rne(x (127 / m)), -127, 127)}, scale {@code m / 127}.
     *
     * @throws ArithmeticException if an element is infinite or not a number
     */
    public static Int8Row of(float[] x) {
        return of(x, ActivationType.INT8);
    }

    /** The same for another type, whose largest value takes the place of 127; of FP16 each element is rounded to binary16, and must be one. */
    public static Int8Row of(float[] x, ActivationType type) {
        if (type == ActivationType.FP16) {
            return HalfRow.of(x);
        }
        float largest = type.largest();
        float magnitude = SMALLEST_MAGNITUDE;
        for (float v : x) {
            if (!Float.isFinite(v)) {
                throw new ArithmeticException("an activation is " + v);
            }
            magnitude = Math.max(magnitude, Math.abs(v));
        }
        float inverse = largest / magnitude;
        byte[] values = new byte[x.length * type.bytes()];
        for (int i = 0; i < x.length; i++) {
            double code = Math.rint(x[i] * inverse);
            int value = (int) Math.max(-largest, Math.min(largest, code));
            ActivationType.put(value, values, i * type.bytes(), type.bytes());
        }
        return new Int8Row(values, magnitude / largest);
    }

    /** The integers of a row of a type, each in units of the scale: of FP16 as engines make them. */
    public int[] integers(ActivationType type) {
        byte[] row = type == ActivationType.FP16 ? HalfRow.integers(new byte[][] {values})[0] : values;
        int[] integers = new int[row.length / type.bytes()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = ActivationType.at(row, i * type.bytes(), type.bytes());
        }
        return integers;
    }
}
