// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;

/**
 * The values a number can have: all integers from {@code min} to {@code max}. The methods are interval arithmetic, for
 * generators that work out a width before there is a signal.
 */
public record Range(BigInteger min, BigInteger max) {
    private static final Range ZERO = of(0, 0);

    /** Neither is above the other. */
    public Range {
        if (min.compareTo(max) > 0) {
            throw Session.misuse(
                    "range", "a range of " + min + " to " + max, "give the least value first, then the greatest");
        }
    }

    /** From {@code min} to {@code max}, both included. */
    public static Range of(long min, long max) {
        return new Range(BigInteger.valueOf(min), BigInteger.valueOf(max));
    }

    /** Sums of a value here and one there. */
    public Range plus(Range other) {
        return new Range(min.add(other.min), max.add(other.max));
    }

    /** Differences of a value here and one there. */
    public Range minus(Range other) {
        return new Range(min.subtract(other.max), max.subtract(other.min));
    }

    /** Products of a value here and one there. */
    public Range times(Range other) {
        var a = min.multiply(other.min);
        var b = min.multiply(other.max);
        var c = max.multiply(other.min);
        var d = max.multiply(other.max);
        return new Range(a.min(b).min(c.min(d)), a.max(b).max(c.max(d)));
    }

    /** Sums of at most {@code terms} values, none of them included: what an accumulator holds that starts at 0. */
    public Range sum(long terms) {
        var count = BigInteger.valueOf(terms);
        return new Range(
                min.multiply(count).min(BigInteger.ZERO), max.multiply(count).max(BigInteger.ZERO));
    }

    /** The values of both and those between. */
    public Range hull(Range other) {
        return new Range(min.min(other.min), max.max(other.max));
    }

    /** Whether a value is among these. */
    public boolean contains(BigInteger value) {
        return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    /** Whether all values of the other one are among these. */
    public boolean contains(Range other) {
        return contains(other.min) && contains(other.max);
    }

    /** Least width of an unsigned signal that holds all values; one below 0 is an error. */
    public int uintWidth() {
        if (min.signum() < 0) {
            throw Session.misuse("range", "an unsigned number of " + this, "use sint(...)");
        }
        return Math.max(1, max.bitLength());
    }

    /** Least width of a two's complement signal that holds all values. */
    public int sintWidth() {
        return Math.max(min.bitLength(), max.bitLength()) + 1;
    }

    @Override
    public String toString() {
        return min + " to " + max;
    }

    // ---- for operators ----

    Range negated() {
        return ZERO.minus(this);
    }

    Range magnitude() {
        boolean through = min.signum() < 0 && max.signum() > 0;
        var low = min.abs();
        var high = max.abs();
        return new Range(through ? BigInteger.ZERO : low.min(high), low.max(high));
    }

    /** The lesser one of a value here and one there. */
    Range least(Range other) {
        return new Range(min.min(other.min), max.min(other.max));
    }

    /** The greater one of a value here and one there. */
    Range greatest(Range other) {
        return new Range(min.max(other.min), max.max(other.max));
    }

    Range shiftedLeft(int amount) {
        return new Range(min.shiftLeft(amount), max.shiftLeft(amount));
    }

    Range shiftedRight(int amount) {
        return new Range(min.shiftRight(amount), max.shiftRight(amount));
    }

    /** The nearest values of another one. */
    Range clamped(Range to) {
        return new Range(min.max(to.min).min(to.max), max.max(to.min).min(to.max));
    }
}
