// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.pe.dot.SharedExponent;
import dev.lutra.pe.vector.VectorModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Key or value of a position as a step keeps it in the cache, in the arithmetic of docs/engines/vector.md: binary32 numbers as they are, the nearest binary16
 * numbers, or codes of -127..127 with a scale for each key/value head.
 *
 * @param elements of all heads: numbers, or codes
 * @param scales of the heads; without codes none
 */
public record CachedVector(float[] elements, float[] scales) {
    private static final float PART = -1f / 127;
    private static final float[] NONE = {};

    /** As a step makes it of the numbers that it has computed. */
    public static CachedVector of(RowFormat format, float[] vector, int headDim) {
        return switch (format) {
            case WORDS -> new CachedVector(vector.clone(), NONE);
            case BINARY16 -> new CachedVector(halves(vector), NONE);
            case INT8 -> coded(vector, headDim);
        };
    }

    private static float[] halves(float[] vector) {
        float[] halves = new float[vector.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = SharedExponent.number(SharedExponent.half(vector[i]));
        }
        return halves;
    }

    private static CachedVector coded(float[] vector, int headDim) {
        float[] codes = new float[vector.length];
        float[] scales = new float[vector.length / headDim];
        for (int head = 0; head < scales.length; head++) {
            float least = Float.NaN;
            for (int i = head * headDim; i < (head + 1) * headDim; i++) {
                float next = Math.abs(vector[i]) * PART;
                least = Float.compare(next, least) < 0 ? next : least;
            }
            float reciprocal = VectorModel.apply(Function.RECIPROCAL, least);
            for (int i = head * headDim; i < (head + 1) * headDim; i++) {
                // of a head of zeros 0 times infinity, which is no number, and the code 0
                codes[i] = (int) Math.max(-127, Math.min(127, Math.rint(-vector[i] * reciprocal)));
            }
            scales[head] = -least;
        }
        return new CachedVector(codes, scales);
    }

    /** Scale of a head, 1 without codes. */
    float scale(int head) {
        return scales.length == 0 ? 1 : scales[head];
    }

    /** The elements as they lie in memory. */
    public byte[] line(RowFormat format) {
        ByteBuffer line =
                ByteBuffer.allocate(elements.length * format.bits() / Byte.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (float element : elements) {
            switch (format) {
                case WORDS -> line.putFloat(element);
                case BINARY16 -> line.putShort((short) SharedExponent.half(element));
                case INT8 -> line.put((byte) element);
            }
        }
        return line.array();
    }
}
