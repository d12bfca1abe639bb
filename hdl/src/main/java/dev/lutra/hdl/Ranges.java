// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results of operators on numbers of which more is known than their width. Where nothing is, the caller takes the width that
 * the operator is documented with, and nothing is computed here.
 */
final class Ranges {
    /** An amount of more bits shifts everything out. */
    private static final int MAX_AMOUNT = 1 << 16;

    private Ranges() {}

    /** Whether more is known of one of two operands than its width says; a constant alone does not count. */
    static boolean known(Ground a, Ground b) {
        return a.isRanged() || b.isRanged();
    }

    static UInt uint(Range range) {
        return of(new UInt(range.uintWidth()), range);
    }

    static SInt sint(Range range) {
        return of(new SInt(range.sintWidth()), range);
    }

    /** A number of a type that may hold more than the range, without it where it says no more than the type. */
    static <N extends Ground> N of(N number, Range range) {
        number.setRange(range);
        return number;
    }

    /** The type with the range, if the values fit the type, else the type alone: a result modulo the width. */
    static <N extends Ground> N ifFits(N number, Range range) {
        return number.known().contains(range) ? of(number, range) : number;
    }

    /** Quotients rounded towards zero, or null if the divisor may be 0. */
    static @Nullable Range quotients(Range a, Range b) {
        if (b.contains(BigInteger.ZERO)) {
            return null;
        }
        var corners = new ArrayList<BigInteger>();
        for (var x : List.of(a.min(), a.max())) {
            for (var y : List.of(b.min(), b.max())) {
                corners.add(x.divide(y));
            }
        }
        return new Range(
                corners.stream().reduce(BigInteger::min).orElseThrow(),
                corners.stream().reduce(BigInteger::max).orElseThrow());
    }

    /** Remainders with the sign of the dividend, which is the remainder by 0. */
    static Range remainders(Range a, Range b) {
        var most = b.magnitude().max().subtract(BigInteger.ONE);
        boolean zero = b.contains(BigInteger.ZERO);
        var high = a.max().max(BigInteger.ZERO);
        var low = a.min().min(BigInteger.ZERO);
        return zero ? new Range(low, high) : new Range(low.max(most.negate()), high.min(most));
    }

    /** Of all shifts to the left by an amount. */
    static Range shiftedLeft(Range a, UInt amount) {
        var by = amount.known();
        return a.shiftedLeft(by.min().intValueExact())
                .hull(a.shiftedLeft(by.max().intValueExact()));
    }

    /** Of all shifts to the right by an amount. */
    static Range shiftedRight(Range a, UInt amount) {
        var by = amount.known();
        return a.shiftedRight(amount(by.min())).hull(a.shiftedRight(amount(by.max())));
    }

    private static int amount(BigInteger value) {
        return value.min(BigInteger.valueOf(MAX_AMOUNT)).intValueExact();
    }

    /** Bitwise or and exclusive or of unsigned numbers. */
    static Range patterns(Range a, Range b) {
        return new Range(
                BigInteger.ZERO,
                BigInteger.ONE
                        .shiftLeft(Math.max(a.max().bitLength(), b.max().bitLength()))
                        .subtract(BigInteger.ONE));
    }

    /** What is known of the chosen one of the first elements, which is 0 beyond them; null: nothing. */
    static @Nullable Range hull(List<? extends Ground> elements, int size, UInt index) {
        boolean known = false;
        for (int i = 0; i < size; i++) {
            known |= elements.get(i).isRanged();
        }
        if (!known) {
            return null;
        }
        boolean beyond = index.known().max().compareTo(BigInteger.valueOf(size)) >= 0;
        var hull = beyond ? Range.of(0, 0) : elements.get(0).known();
        for (int i = 0; i < size; i++) {
            hull = hull.hull(elements.get(i).known());
        }
        return hull;
    }

    /** The claim that a value is in a range: proven, checked in simulation, or reported as impossible. */
    static <N extends Ground> N within(N value, Range claimed) {
        var known = value.known();
        if (claimed.contains(known)) {
            return value;
        }
        var least = known.min().max(claimed.min());
        var most = known.max().min(claimed.max());
        if (least.compareTo(most) > 0) {
            Build.error(
                    value,
                    "range",
                    "within(" + claimed.min() + ", " + claimed.max() + ") of " + value.describe() + ", which is "
                            + known + " always",
                    "check the claim");
            return value;
        }
        var range = new Range(least, most);
        var home = Build.home(value);
        var low = least.equals(known.min()) ? null : Session.part(() -> compared(Op.GE, value, least));
        var high = most.equals(known.max()) ? null : Session.part(() -> compared(Op.LE, value, most));
        var holds = low == null ? high : high == null ? low : Session.part(() -> low.and(high));
        if (holds != null) {
            Watches.claim(home, holds, "not within " + claimed);
        }
        var result = narrowed(value, range);
        return Build.unary(result.width() < value.width() ? Op.TRUNCATE : Op.REINTERPRET, value, result);
    }

    private static Bool compared(Op op, Ground value, BigInteger constant) {
        return Build.binary(op, value, Build.literal(value, constant), new Bool());
    }

    @SuppressWarnings("unchecked") // ofWidth keeps the class
    private static <N extends Ground> N narrowed(N value, Range range) {
        int width = value.type().signed() ? range.sintWidth() : range.uintWidth();
        return of((N) value.ofWidth(Math.min(width, value.width())), range);
    }

    /** A balanced tree of sums. */
    static <N extends Ground> N sum(List<N> terms) {
        if (terms.size() == 1) {
            return terms.get(0);
        }
        int half = terms.size() / 2;
        var left = Session.part(() -> sum(terms.subList(0, half)));
        var right = Session.part(() -> sum(terms.subList(half, terms.size())));
        return plus(left, right);
    }

    @SuppressWarnings("unchecked") // a sum of unsigned numbers is one, and so on
    private static <N extends Ground> N plus(N a, N b) {
        if (a instanceof UInt left && b instanceof UInt right) {
            return (N) Build.binary(Op.ADD, left, right, uint(left.known().plus(right.known())));
        }
        if (a instanceof SInt left && b instanceof SInt right) {
            return (N) Build.binary(Op.ADD, left, right, sint(left.known().plus(right.known())));
        }
        if (a instanceof UFix left && b instanceof UFix right) {
            return (N) left.add(right);
        }
        if (a instanceof SFix left && b instanceof SFix right) {
            return (N) left.add(right);
        }
        Build.error(a, "type", "sum() of " + a.describe() + " and " + b.describe(), "give numbers of one kind");
        return a;
    }
}
