// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import org.jspecify.annotations.Nullable;

/**
 * Types of an MX instruction, as those of LMMA (LUT Tensor Core, ISCA 2025, arXiv 2408.06003).
 *
 * @param activations of the engine
 * @param weights what the weight words stand for
 * @param accumulatorBits width of the sums over groups, signed, 16..64
 * @param wide results are INT64 instead of INT32
 */
public record MatrixTypes(ActivationType activations, WeightType weights, int accumulatorBits, boolean wide) {
    private static final int LEAST_ACCUMULATOR = 16;
    private static final int MOST_ACCUMULATOR = 64;

    /** What no engine has, or null. */
    @Nullable
    String complaint() {
        return accumulatorBits < LEAST_ACCUMULATOR || accumulatorBits > MOST_ACCUMULATOR
                ? "the accumulator has %d bits: it must have %d to %d"
                        .formatted(accumulatorBits, LEAST_ACCUMULATOR, MOST_ACCUMULATOR)
                : null;
    }

    /** Bytes of a result. */
    public int resultBytes() {
        return wide ? Long.BYTES : Integer.BYTES;
    }

    /** {@code i32} or {@code i64}. */
    public String output() {
        return "i" + resultBytes() * Byte.SIZE;
    }

    /** Activations, weights, accumulator, results: such as {@code i8.i4.i48.i32}. */
    @Override
    public String toString() {
        return "%s.%s.i%d.%s".formatted(activations.text(), weights.text(), accumulatorBits, output());
    }
}
