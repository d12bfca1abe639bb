// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Comparisons with a constant that the range of the other side decides; tools warn about them. */
final class KnownComparison {

    private KnownComparison() {}

    /** The result, or null when it depends on a value. */
    static @Nullable Boolean of(Expr.Binary comparison) {
        BigInteger aMin = min(comparison.a());
        BigInteger aMax = max(comparison.a());
        BigInteger bMin = min(comparison.b());
        BigInteger bMax = max(comparison.b());
        return switch (comparison.op()) {
            case LT -> ordered(aMax.compareTo(bMin) < 0, aMin.compareTo(bMax) >= 0);
            case LE -> ordered(aMax.compareTo(bMin) <= 0, aMin.compareTo(bMax) > 0);
            case GT -> ordered(aMin.compareTo(bMax) > 0, aMax.compareTo(bMin) <= 0);
            case GE -> ordered(aMin.compareTo(bMax) >= 0, aMax.compareTo(bMin) < 0);
            case EQ -> ordered(single(aMin, aMax, bMin, bMax), apart(aMin, aMax, bMin, bMax));
            case NE -> ordered(apart(aMin, aMax, bMin, bMax), single(aMin, aMax, bMin, bMax));
            default -> throw new IllegalArgumentException(comparison.op().name());
        };
    }

    private static @Nullable Boolean ordered(boolean always, boolean never) {
        return always ? Boolean.TRUE : never ? Boolean.FALSE : null;
    }

    private static boolean single(BigInteger aMin, BigInteger aMax, BigInteger bMin, BigInteger bMax) {
        return aMin.equals(aMax) && bMin.equals(bMax) && aMin.equals(bMin);
    }

    private static boolean apart(BigInteger aMin, BigInteger aMax, BigInteger bMin, BigInteger bMax) {
        return aMax.compareTo(bMin) < 0 || bMax.compareTo(aMin) < 0;
    }

    private static BigInteger min(Expr expr) {
        return expr instanceof Expr.Literal literal
                ? literal.value()
                : source(expr).min();
    }

    private static BigInteger max(Expr expr) {
        return expr instanceof Expr.Literal literal
                ? literal.value()
                : source(expr).max();
    }

    /** The type that bounds a value: extension adds none. */
    private static Type source(Expr expr) {
        Expr at = expr;
        while (at instanceof Expr.Extend extend
                && (extend.type().signed() || !extend.a().type().signed())) {
            at = extend.a();
        }
        return at.type();
    }
}
