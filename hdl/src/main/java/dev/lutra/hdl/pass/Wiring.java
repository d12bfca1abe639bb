// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.UnaryOp;
import dev.lutra.hdl.pass.ClockSources.Place;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a value and the registers and inputs that it comes from.
 *
 * @param logic logic, whose output may have glitches while what it depends on changes; null: only wires and inverters
 * @param inputs inputs of the module that the value comes from through wires alone
 */
record Wiring(@Nullable Place logic, Set<Port> inputs) {

    static final Wiring PLAIN = new Wiring(null, Set.of());

    static Wiring input(Port port) {
        return new Wiring(null, Set.of(port));
    }

    Wiring and(Wiring that) {
        if (this == PLAIN || that == PLAIN) {
            return this == PLAIN ? that : this;
        }
        var all = new LinkedHashSet<>(inputs);
        all.addAll(that.inputs);
        return new Wiring(logic == null ? that.logic : logic, all);
    }

    /** The operands that an expression takes bits of or inverts; null: it is logic. */
    static @Nullable List<Expr> wires(Expr expr) {
        if (expr instanceof Expr.Concat
                || expr instanceof Expr.Slice
                || expr instanceof Expr.Extend
                || expr instanceof Expr.Truncate
                || expr instanceof Expr.Reinterpret
                || expr instanceof Expr.Literal
                || expr instanceof Expr.Unary unary
                        && (unary.op() == UnaryOp.NOT
                                || unary.op().reduces() && unary.a().type().width() == 1)) {
            return expr.operands();
        }
        boolean byConstant = expr instanceof Expr.Binary binary
                && binary.b() instanceof Expr.Literal
                && (binary.op().shifts()
                        || (binary.op() == BinaryOp.EQ || binary.op() == BinaryOp.NE)
                                && binary.a().type().width() == 1);
        return byConstant ? List.of(((Expr.Binary) expr).a()) : null;
    }
}
