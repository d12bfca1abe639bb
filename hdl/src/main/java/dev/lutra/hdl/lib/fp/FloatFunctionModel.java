// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

/**
 * Functions of binary32 numbers, as bits, operation by operation: the specification of {@link FloatFunctionUnit} and {@link FloatSigmoid}. All three of the
 * first come from one table of parabolas ({@code FunctionTable}) in fixed point and are rounded once, ties to even; subnormal numbers are kept.
 *
 * <p>A parabola is taken at a fraction z of 25 bits, 0 &lt;= z &lt; 2^25. Bits 24:18 are the segment; u = (z mod 2^18) - 2^17 is the distance from its middle in units
 * of 2^-25. In integers, every shift rounding down:
 *
 * <pre>
 * a = 4 c1 + (c2 (u &gt;&gt; 4) &gt;&gt; 11)      multiples of 2^-22
 * v = 4 c0 + (a u &gt;&gt; 17)              multiples of 2^-30, 1/2 &lt;= v 2^-30 &lt; 2 but for the last bits
 * </pre>
 *
 * <p>Errors against the exact value, in units in the last place of the format at that value, over all arguments ({@code FloatFunctionDeepTest}): each is less than
 * 1, so a result is one of the two numbers around the exact value; powers of two have exact reciprocals, powers of four exact reciprocal roots.
 */
public final class FloatFunctionModel {
    private static final int SIGN = 0x8000_0000;
    private static final int INFINITY = 0x7F80_0000;
    private static final int NAN = 0x7FC0_0000;

    /** log2(e) in multiples of 2^-33. */
    static final long LOG2_E = 12_392_656_037L;

    private FloatFunctionModel() {}

    /** A function of a number. */
    public static int apply(FloatFunction function, int x) {
        return switch (function) {
            case EXPONENTIAL -> exponential(x);
            case RECIPROCAL -> reciprocal(x);
            case RECIPROCAL_ROOT -> reciprocalRoot(x);
        };
    }

    /**
     * e^x. From 128 on in magnitude it is infinity or +0. Else x log2(e) = k + z 2^-25 with an integer k: the significand (of an exponent E) times {@link #LOG2_E}
     * is shifted down by 30 - E and rounded off by one more bit, halves up, and then has the sign of x. The result is v 2^(k-30), rounded: infinity above the
     * greatest number, subnormal or +0 below the least normal one.
     */
    public static int exponential(int x) {
        int magnitude = x & ~SIGN;
        if (magnitude > INFINITY) return NAN;
        int field = magnitude >>> 23;
        if (field >= 127 + 7) return x < 0 ? 0 : INFINITY;
        long significand = magnitude & 0x7F_FFFF | (field == 0 ? 0 : 0x80_0000);
        int down = 30 + 127 - Math.max(field, 1);
        long twice = down > 62 ? 0 : significand * LOG2_E >> down;
        long t = twice + 1 >> 1;
        if (x < 0) t = -t;
        return rounded(0, parabola(0, (int) t & 0x1FF_FFFF), (int) (t >> 25) - 30);
    }

    /** 1 / x, of the sign of x: v 2^(-30-E) for a significand 1 + z 2^-25 and an exponent E. Infinity for 0 and the other way round. */
    public static int reciprocal(int x) {
        int magnitude = x & ~SIGN;
        if (magnitude > INFINITY) return NAN;
        int sign = x & SIGN;
        if (magnitude == INFINITY) return sign;
        if (magnitude == 0) return sign | INFINITY;
        int normal = normal(magnitude);
        return rounded(sign, parabola(1, (normal & 0x7F_FFFF) << 2), -30 - exponent(magnitude));
    }

    /** 1 / sqrt(x): v 2^(-30-k) for an exponent 2k or 2k + 1. Infinity of the sign of a 0 (IEEE 754-2019, 9.2), NaN below 0, +0 for infinity. */
    public static int reciprocalRoot(int x) {
        int magnitude = x & ~SIGN;
        if (magnitude > INFINITY) return NAN;
        if (magnitude == 0) return x | INFINITY;
        if (x < 0) return NAN;
        if (x == INFINITY) return 0;
        int exponent = exponent(x);
        return rounded(0, parabola(2 + (exponent & 1), (normal(x) & 0x7F_FFFF) << 2), -30 - (exponent >> 1));
    }

    /** 1 / (1 + e^-x): {@link #exponential} of -x, a sum rounded to binary32, {@link #reciprocal}. +0 where e^-x is infinite. */
    public static int sigmoid(int x) {
        float power = Float.intBitsToFloat(exponential(x ^ SIGN));
        return reciprocal(Float.floatToIntBits(1 + power));
    }

    /** The fraction of a number, shifted up if it is subnormal until the leading bit is where that of normal numbers is. */
    private static int normal(int magnitude) {
        return magnitude >= 0x80_0000 ? magnitude : magnitude << Integer.numberOfLeadingZeros(magnitude) - 8;
    }

    /** The exponent of a number that is not 0, of subnormal ones what they would have if normalised. */
    private static int exponent(int magnitude) {
        int above = Integer.numberOfLeadingZeros(magnitude) - 8;
        return magnitude >= 0x80_0000 ? (magnitude >>> 23) - 127 : -126 - above;
    }

    private static int parabola(int part, int z) {
        int word = part * FunctionTable.SEGMENTS + (z >>> 18);
        int u = (z & 0x3_FFFF) - 0x2_0000;
        long a = 4L * FunctionTable.c1(word) + ((long) FunctionTable.c2(word) * (u >> 4) >> 11);
        return (int) (4L * FunctionTable.c0(word) + (a * u >> 17));
    }

    /** v 2^scale in binary32; exact in binary64, so rounded once. */
    private static int rounded(int sign, int v, int scale) {
        double power = Double.longBitsToDouble((long) (scale + 1023) << 52);
        return sign | Float.floatToRawIntBits((float) (v * power));
    }
}
