// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Expr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sums of sums: where only the outer one is read and the inner one loses no carry, synthesis adds all terms at once. */
final class SumTerms {
    private SumTerms() {}

    /** A term of a sum. */
    record Term(Expr value, boolean negative) {}

    /** The sums that are terms of others, and the extensions between them. */
    static Set<Expr> inner(LiveLogic live) {
        Set<Expr> inner = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Expr expr : live.order) {
            if (expr instanceof Expr.Binary sum && adds(sum)) {
                mark(sum.a(), sum, live, inner);
                // x - (y + z) stays two sums
                if (sum.op() == BinaryOp.ADD) {
                    mark(sum.b(), sum, live, inner);
                }
            }
        }
        return inner;
    }

    private static void mark(Expr operand, Expr.Binary outer, LiveLogic live, Set<Expr> inner) {
        Expr.Binary sum = core(operand, live);
        if (sum == null || sum.type().width() < outer.type().width() && mayOverflow(sum)) {
            return;
        }
        for (Expr at = live.value(operand); at != sum; at = live.value(((Expr.Extend) at).a())) {
            inner.add(at);
        }
        inner.add(sum);
    }

    /** The sum behind extensions, if nothing else reads any of them. */
    private static Expr.@Nullable Binary core(Expr operand, LiveLogic live) {
        Expr at = live.value(operand);
        while (live.uses.getOrDefault(at, 0) == 1) {
            if (at instanceof Expr.Extend extend) {
                at = live.value(extend.a());
            } else {
                return at instanceof Expr.Binary sum && adds(sum) ? sum : null;
            }
        }
        return null;
    }

    private static boolean adds(Expr.Binary binary) {
        return binary.op() == BinaryOp.ADD || binary.op() == BinaryOp.SUB;
    }

    private static boolean mayOverflow(Expr.Binary sum) {
        return sum.type().width()
                <= Math.max(sum.a().type().width(), sum.b().type().width());
    }

    /** The terms of a sum, its own first operand first. */
    static List<Term> of(Expr.Binary sum, LiveLogic live, Set<Expr> inner) {
        var terms = new ArrayList<Term>();
        collect(sum, live, inner, terms);
        return terms;
    }

    private static void collect(Expr.Binary sum, LiveLogic live, Set<Expr> inner, List<Term> terms) {
        for (Expr operand : List.of(sum.a(), sum.b())) {
            boolean negative = operand == sum.b() && sum.op() == BinaryOp.SUB;
            Expr at = live.value(operand);
            if (!negative && inner.contains(at)) {
                while (at instanceof Expr.Extend extend) {
                    at = live.value(extend.a());
                }
                collect((Expr.Binary) at, live, inner, terms);
            } else {
                terms.add(new Term(operand, negative));
            }
        }
    }
}
