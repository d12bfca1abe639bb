// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

/**
 * A binary interchange format (IEEE 754-2019, 3.4): sign, biased exponent, fraction, from the top bit down.
 *
 * @param exponentBits 3..8
 * @param fractionBits bits of the significand without the leading one, 2..23
 */
public record FloatFormat(int exponentBits, int fractionBits) {

    /** Half precision. */
    public static final FloatFormat BINARY16 = new FloatFormat(5, 10);

    /** The upper half of {@link #BINARY32}. */
    public static final FloatFormat BFLOAT16 = new FloatFormat(8, 7);

    /** Single precision, Java's {@code float}. */
    public static final FloatFormat BINARY32 = new FloatFormat(8, 23);

    public FloatFormat {
        if (exponentBits < 3 || exponentBits > 8)
            throw new IllegalArgumentException("an exponent of " + exponentBits + " bits: 3..8");
        if (fractionBits < 2 || fractionBits > 23)
            throw new IllegalArgumentException("a fraction of " + fractionBits + " bits: 2..23");
    }

    /** Bits of a number. */
    public int width() {
        return 1 + exponentBits + fractionBits;
    }

    /** What is added to exponents. */
    public int bias() {
        return (1 << exponentBits - 1) - 1;
    }

    /** Exponent field of infinities and NaN. */
    public int specialExponent() {
        return (1 << exponentBits) - 1;
    }

    /** Bits of the sign alone, of -0. */
    public long signBit() {
        return 1L << width() - 1;
    }

    /** Bits of plus infinity. */
    public long infinity() {
        return (long) specialExponent() << fractionBits;
    }

    /** Bits of the one NaN of results: positive, quiet, no payload. */
    public long nan() {
        return infinity() | 1L << fractionBits - 1;
    }

    /** Whether bits are a NaN. */
    public boolean isNan(long bits) {
        return (bits & signBit() - 1) > infinity();
    }

    /** The number of some bits; exact. */
    public double decode(long bits) {
        int field = (int) (bits >>> fractionBits) & specialExponent();
        long fraction = bits & (1L << fractionBits) - 1;
        double magnitude;
        if (field == specialExponent()) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (field == 0) {
            magnitude = Math.scalb((double) fraction, 1 - bias() - fractionBits);
        } else {
            magnitude = Math.scalb((double) (fraction | 1L << fractionBits), field - bias() - fractionBits);
        }
        return (bits & signBit()) == 0 ? magnitude : -magnitude;
    }

    /** The bits of the number nearest to a value, ties to even; beyond the greatest number by half a unit or more, infinity (IEEE 754-2019, 4.3.1). */
    public long encode(double value) {
        if (Double.isNaN(value)) return nan();
        long sign = Double.doubleToRawLongBits(value) < 0 ? signBit() : 0;
        double magnitude = Math.abs(value);
        if (Double.isInfinite(magnitude)) return sign | infinity();
        int exponent = Math.max(Math.getExponent(magnitude), 1 - bias());
        // Scaling is exact: the quotient is less than 2^24, and a bit below it is no less than 2^-1074 times 2^149.
        long units = (long) Math.rint(Math.scalb(magnitude, fractionBits - exponent));
        // The leading one of a normal number is the unit of the exponent field, and so is a carry of the rounding.
        long bits = ((long) (exponent - 1 + bias()) << fractionBits) + units;
        return sign | Math.min(bits, infinity());
    }
}
