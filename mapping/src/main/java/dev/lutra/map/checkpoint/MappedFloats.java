// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.model.FloatMatrix;
import java.nio.ByteBuffer;

/** A matrix of F32, F16 or BF16 in a mapped file, row-major: rows x cols elements from {@code offset}, which lie inside the file. */
record MappedFloats(MappedFile file, String tensor, Dtype dtype, long offset, int rows, int cols)
        implements FloatMatrix {

    @Override
    public String name() {
        return file.path() + ": " + tensor;
    }

    @Override
    public void readRow(int row, float[] into) {
        long start = offset + (long) row * cols * dtype.bytes();
        ByteBuffer bytes = file.read(start, Math.multiplyExact(cols, dtype.bytes()));
        switch (dtype) {
            case F32 -> bytes.asFloatBuffer().get(into, 0, cols);
            case BF16 -> {
                for (int c = 0; c < cols; c++) {
                    into[c] = Float.intBitsToFloat(bytes.getShort(2 * c) << 16);
                }
            }
            case F16 -> {
                for (int c = 0; c < cols; c++) {
                    into[c] = half(bytes.getShort(2 * c));
                }
            }
            default -> throw new AssertionError(dtype);
        }
        for (int c = 0; c < cols; c++) {
            if (!Float.isFinite(into[c])) {
                throw badInput(
                        name() + "[" + row + ", " + c + "], byte " + (start + (long) c * dtype.bytes()) + ": " + into[c]
                                + " is not a finite number",
                        "the file is damaged or holds a model that diverged in training; fetch it again");
            }
        }
    }

    /** IEEE 754 binary16 to binary32, exact. */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 31 ? 0xff : exponent + 127 - 15;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }
}
