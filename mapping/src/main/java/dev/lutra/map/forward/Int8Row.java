// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

/**
 * One row of activations as INT8: {@code x ~ values x scale}.
 *
 * @param values in -127..127
 * @param scale largest magnitude of the row / 127
 */
public record Int8Row(byte[] values, float scale) {
    private static final float LARGEST_CODE = 127;

    /** A row of less than this is taken to have this largest magnitude, as BitNet's own quantiser does. */
    private static final float SMALLEST_MAGNITUDE = 1e-5f;

    /**
     * Quantises one row, all in binary32: {@code m = max(max|x|, 1e-5)}, values {@code clamp(rne(x (127 / m)), -127, 127)}, scale {@code m / 127}.
     *
     * @throws ArithmeticException if an element is infinite or not a number
     */
    public static Int8Row of(float[] x) {
        float magnitude = SMALLEST_MAGNITUDE;
        for (float v : x) {
            if (!Float.isFinite(v)) {
                throw new ArithmeticException("an activation is " + v);
            }
            magnitude = Math.max(magnitude, Math.abs(v));
        }
        float inverse = LARGEST_CODE / magnitude;
        byte[] values = new byte[x.length];
        for (int i = 0; i < x.length; i++) {
            double code = Math.rint(x[i] * inverse);
            values[i] = (byte) Math.max(-LARGEST_CODE, Math.min(LARGEST_CODE, code));
        }
        return new Int8Row(values, magnitude / LARGEST_CODE);
    }
}
