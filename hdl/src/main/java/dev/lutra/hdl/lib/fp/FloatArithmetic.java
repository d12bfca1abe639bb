// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

/**
 * The functional model of the units of this package: what IEEE 754-2019 says of each operation, computed by Java's {@code double} and rounded
 * once more by {@link FloatFormat#encode}.
 *
 * <p>The second rounding is innocuous. A product of two significands of p bits has 2p &lt;= 48 bits and is exact in a {@code double}. A sum is
 * exact, or is rounded to 53 &gt;= 2p + 2 bits first, which leaves the second rounding as it would have been (S. A. Figueroa, When is double rounding
 * innocuous?, SIGNUM Newsletter 30(3), 1995); sums that are subnormal are exact.
 *
 * @param format of operands and results, as bits in the low end of a {@code long}
 */
public record FloatArithmetic(FloatFormat format) {

    /** a + b. */
    public long add(long a, long b) {
        return format.encode(format.decode(a) + format.decode(b));
    }

    /** a - b. */
    public long subtract(long a, long b) {
        return format.encode(format.decode(a) - format.decode(b));
    }

    /** a b. */
    public long multiply(long a, long b) {
        return format.encode(format.decode(a) * format.decode(b));
    }

    /** Operation "minimum" (9.6): a NaN makes NaN, -0 is less than +0. */
    public long minimum(long a, long b) {
        return format.encode(Math.min(format.decode(a), format.decode(b)));
    }

    /** Operation "maximum" (9.6). */
    public long maximum(long a, long b) {
        return format.encode(Math.max(format.decode(a), format.decode(b)));
    }

    /** a &lt; b, false if either is a NaN. */
    public boolean less(long a, long b) {
        return format.decode(a) < format.decode(b);
    }

    /** a = b, false if either is a NaN; -0 = +0. */
    public boolean equal(long a, long b) {
        return format.decode(a) == format.decode(b);
    }

    /** Either is a NaN. */
    public boolean unordered(long a, long b) {
        return format.isNan(a) || format.isNan(b);
    }

    /** The nearest number of another format. */
    public long convert(long a, FloatFormat to) {
        return to.encode(format.decode(a));
    }

    /** The number nearest to an integer. */
    public long fromInteger(long integer) {
        long magnitude = Math.abs(integer);
        if (magnitude >>> 53 == 0) return format.encode((double) integer);
        // Rounded to odd: the bits lost are kept as one, which is below any tie (Boldo and Melquiond, 2008).
        long odd = magnitude >>> 11 | ((magnitude & 0x7FF) == 0 ? 0 : 1);
        return format.encode(Math.scalb((double) odd, 11) * (integer < 0 ? -1 : 1));
    }

    /**
     * The nearest integer, ties to even, or the integer towards zero; the nearest one of the width where that is out of its range, and 0 for a NaN, as
     * Java casts.
     *
     * @param width bits of a two's complement integer, 2..53
     */
    public long toInteger(long a, int width, boolean towardsZero) {
        double value = format.decode(a);
        long integer = (long) (towardsZero ? value : Math.rint(value));
        long limit = 1L << width - 1;
        return Math.max(-limit, Math.min(limit - 1, integer));
    }
}
