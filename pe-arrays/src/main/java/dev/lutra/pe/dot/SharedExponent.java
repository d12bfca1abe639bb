// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

/**
 * Sums of FP16 activations with a shared exponent, step by step; the functional model of {@link SharedExponentTables} and
 * {@link SharedExponentStationary}. It uses the words of block floating point (J. H. Wilkinson, Rounding Errors in Algebraic Processes, 1963).
 *
 * <ol>
 *   <li>An activation is (-1)^s m 2^(e-25), m of 11 bits with the leading one, e its exponent field; of a subnormal number e = 1 and m &lt; 2^10. Nothing is
 *       flushed.
 *   <li>A block is what one result adds up: at least the T tables of one slot, at most the whole row. Its exponent X is the greatest e in it.
 *   <li>Each activation becomes an integer of B &gt;= 12 bits, a' = (-1)^s RNE(m 2^(B-12) / 2^(X-e)): <b>one rounding per activation</b>, to nearest, ties to even, of less
 *       than half of 2^(X-13-B). With X - e &lt;= B - 12 nothing is lost; B = 41 loses nothing at all.
 *   <li>Tables, lookups, planes and sums are integers, exact and in any order: I = sum_p 2^p sum_k +-a'_k.
 *   <li>The result is binary32(I 2^(X-13-B)): <b>one rounding per result</b>, to nearest, ties to even.
 *   <li>X = 31 says that an activation is infinite or a NaN; the results of the block are then marked as invalid and mean nothing.
 * </ol>
 *
 * @param bits B, 12..48
 */
public record SharedExponent(int bits) {

    /** Exponent of a block with an infinite activation or a NaN. */
    public static final int INVALID = 31;

    public SharedExponent {
        if (bits < 12 || bits > 48)
            throw new IllegalArgumentException("aligned activations of " + bits + " bits: 12..48");
    }

    /** Bits of the binary16 number nearest to a value, ties to even; beyond 65504 by half a unit or more of an infinity (IEEE 754-2019, 4.3.1), of a NaN a NaN. */
    public static long half(float value) {
        long sign = (Float.floatToRawIntBits(value) >>> 31) << 15;
        if (!Float.isFinite(value)) return sign | (Float.isNaN(value) ? 0x7E00 : 0x7C00);
        double magnitude = Math.abs((double) value);
        int exponent = Math.max(Math.getExponent(magnitude), -14);
        // Exact but for the rounding. The leading one of a normal number is the unit of the exponent field, and so is a
        // carry of the rounding.
        long units = (long) Math.rint(Math.scalb(magnitude, 10 - exponent));
        return sign | Math.min(((long) (exponent + 14) << 10) + units, 0x7C00);
    }

    /** The value of a binary16 number. */
    public static float number(long half) {
        long fraction = half & 0x3FF;
        int exponent = (int) (half >> 10 & 31);
        float magnitude = exponent < INVALID
                ? Math.scalb((float) (exponent == 0 ? fraction : fraction | 0x400), Math.max(1, exponent) - 25)
                : fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        return (half & 0x8000) == 0 ? magnitude : -magnitude;
    }

    /** Whether a binary16 number is no infinity and no NaN. */
    public static boolean isFinite(long half) {
        return (half >> 10 & 31) != INVALID;
    }

    /** X of a block of binary16 numbers; 1 of none. */
    public static int exponent(long[] block) {
        int most = 1;
        for (long half : block) most = Math.max(most, (int) (half >> 10 & 31));
        return most;
    }

    /** a' of a binary16 number. */
    public long align(long half, int exponent) {
        long m = half & 0x3FF | ((half & 0x7C00) == 0 ? 0 : 0x400);
        int e = Math.max(1, (int) (half >> 10 & 31));
        // Exact: m has 11 bits.
        long aligned = (long) Math.rint(Math.scalb((double) m, bits - 12 - (exponent - e)));
        return (half & 0x8000) == 0 ? aligned : -aligned;
    }

    /** Bits of the binary32 number of an integer sum, of less than 2^53. */
    public long result(long sum, int exponent) {
        return Float.floatToRawIntBits((float) Math.scalb((double) sum, scale(exponent))) & 0xFFFF_FFFFL;
    }

    /** Power of two that an integer counts. */
    public int scale(int exponent) {
        return exponent - 13 - bits;
    }
}
