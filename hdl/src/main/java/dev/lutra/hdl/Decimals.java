// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decimal numbers as fixed-point constants. */
final class Decimals {
    /** Beyond this a double has no place left for the unit. */
    private static final double EXACT = 0x1p53;

    /** Fraction bits that a constant operand may ask for: more than any double has. */
    private static final int MAX_FRACTION = 1200;

    private Decimals() {}

    /** The decimal number Java prints for a double; one that no decimal constant can mean is reported. */
    static BigDecimal of(Fixed<?> near, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            Build.error(near, "literal-range", value + " is no number for " + near.describe(), null);
            return BigDecimal.ZERO;
        }
        if (Math.abs(value) > EXACT) {
            Build.error(
                    near,
                    "literal-range",
                    value + " for " + near.describe() + ": beyond 2^53 a double is not exact",
                    "give the constant as lit(new BigDecimal(\"...\"), format)");
            return BigDecimal.ZERO;
        }
        return BigDecimal.valueOf(value).stripTrailingZeros();
    }

    static BigDecimal value(BigInteger raw, int fractionBits) {
        var value = new BigDecimal(raw);
        value = fractionBits >= 0
                ? value.divide(new BigDecimal(BigInteger.ONE.shiftLeft(fractionBits)))
                : value.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(-fractionBits)));
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    /** A raw integer, or what is wrong with the number. */
    private record Encoded(BigInteger raw, @Nullable String error, String hint) {}

    private static Encoded encode(Fixed<?> format, BigDecimal value, @Nullable Rounding rounding) {
        var fraction = fraction(format, value);
        var raw = (rounding == null ? Rounding.FLOOR : rounding).divide(fraction[0], fraction[1]);
        if (rounding == null && fraction[0].mod(fraction[1]).signum() != 0) {
            return new Encoded(
                    BigInteger.ZERO,
                    value.toPlainString() + " is not a number of " + format.describe() + ": its neighbours are "
                            + format.decode(raw).toPlainString() + " and "
                            + format.decode(raw.add(BigInteger.ONE)).toPlainString(),
                    "say how to round, with Rounding.HALF_EVEN for instance, or give the format more fraction bits");
        }
        var type = format.type();
        if (raw.compareTo(type.min()) < 0 || raw.compareTo(type.max()) > 0) {
            return new Encoded(
                    BigInteger.ZERO,
                    value.toPlainString() + " does not fit " + format.describe() + ", which holds "
                            + format.decode(type.min()).toPlainString() + " to "
                            + format.decode(type.max()).toPlainString(),
                    raw.signum() < 0 && !type.signed() ? "use a signed format" : "give the format more integer bits");
        }
        return new Encoded(raw, null, "");
    }

    /**
     * The raw integer of a number in a format; reports one that is out of range or, where nothing says how to round, between
     * two of the format's numbers.
     */
    static BigInteger raw(Fixed<?> format, BigDecimal value, @Nullable Rounding rounding) {
        var encoded = encode(format, value, rounding);
        if (encoded.error != null) {
            Build.error(format, "literal-range", encoded.error, encoded.hint);
        }
        return encoded.raw;
    }

    /** The same where no circuit is being built: what cannot be is thrown. */
    static BigInteger rawOrThrow(Fixed<?> format, BigDecimal value, @Nullable Rounding rounding) {
        var encoded = encode(format, value, rounding);
        if (encoded.error != null) {
            throw Session.misuse("literal-range", encoded.error, encoded.hint);
        }
        return encoded.raw;
    }

    /** A number in units of a format's last bit, rounded up or down, in range or not. */
    static BigInteger scaled(Fixed<?> format, BigDecimal value, boolean up) {
        var fraction = fraction(format, value);
        var floor = Rounding.FLOOR.divide(fraction[0], fraction[1]);
        return up && fraction[0].mod(fraction[1]).signum() != 0 ? floor.add(BigInteger.ONE) : floor;
    }

    /** A constant of the kind of an operand in as few bits as it takes; reports one that is no sum of powers of two. */
    static <F extends Fixed<F>> F operand(F near, BigDecimal value) {
        int fractionBits = 0;
        var scaled = value;
        // 10^-n = 2^-n 5^-n: n doublings make an integer of whatever can become one.
        while (scaled.stripTrailingZeros().scale() > 0 && fractionBits < Math.min(value.scale(), MAX_FRACTION)) {
            scaled = scaled.add(scaled);
            fractionBits++;
        }
        boolean exact = scaled.stripTrailingZeros().scale() <= 0;
        boolean negative = value.signum() < 0 && !near.type().signed();
        if (!exact || negative) {
            Build.error(
                    near,
                    "literal-range",
                    value.toPlainString()
                            + (negative
                                    ? " is negative and the other operand is " + near.describe()
                                    : " is no sum of powers of two and has no exact fixed-point form"),
                    negative
                            ? "use toSFix() of it"
                            : String.format(
                                    Locale.ROOT,
                                    "say how exact it is to be: lit(%s, %s, Rounding.HALF_EVEN)",
                                    value.toPlainString(),
                                    near.type().signed() ? "sfix(i, f)" : "ufix(i, f)"));
            return Build.literalFor(near, BigInteger.ZERO);
        }
        var raw = scaled.toBigIntegerExact();
        int width = Math.max(1, near.type().signed() ? raw.bitLength() + 1 : raw.bitLength());
        return Build.literalFor(near.format(width - fractionBits, fractionBits), raw);
    }

    /** A number in units of a format's last bit, as numerator and positive denominator. */
    private static BigInteger[] fraction(Fixed<?> format, BigDecimal value) {
        var numerator = value.unscaledValue();
        var denominator = BigInteger.ONE;
        if (value.scale() > 0) {
            denominator = BigInteger.TEN.pow(value.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-value.scale()));
        }
        int bits = format.fractionBits();
        return bits >= 0
                ? new BigInteger[] {numerator.shiftLeft(bits), denominator}
                : new BigInteger[] {numerator, denominator.shiftLeft(-bits)};
    }
}
