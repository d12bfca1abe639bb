// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that read no signal, as one expression: an {@code always @*} that is sensitive to nothing never runs, so what they
 * drive has to be assigned continuously.
 */
final class ConstantDrive {

    private ConstantDrive() {}

    /** What the statements leave in a signal that they drive on every path. */
    static Expr of(Signal target, List<Statement> statements) {
        Expr value = after(target, statements, null);
        if (value == null) {
            throw new IllegalArgumentException("no statement drives " + target);
        }
        return value;
    }

    /** One element of several, by conditionals. */
    static Expr of(Expr.Select select) {
        Expr value = new Expr.Literal(BigInteger.ZERO, select.type());
        for (int i = select.elements().size() - 1; i >= 0; i--) {
            value = new Expr.Mux(
                    equal(select.index(), BigInteger.valueOf(i)),
                    select.elements().get(i),
                    value,
                    select.type());
        }
        return value;
    }

    private static @Nullable Expr after(Signal target, List<Statement> statements, @Nullable Expr before) {
        Expr value = before;
        for (Statement statement : statements) {
            if (statement instanceof Statement.Assign assign) {
                value = assign.target().equals(target) ? assign.value() : value;
            } else if (statement instanceof Statement.When when) {
                value = choice(when.cond(), after(target, when.then(), value), after(target, when.otherwise(), value));
            } else if (statement instanceof Statement.Switch choice) {
                Expr result = after(target, choice.otherwise(), value);
                for (int i = choice.cases().size() - 1; i >= 0; i--) {
                    Expr taken = after(target, choice.cases().get(i).body(), value);
                    for (BigInteger label : choice.cases().get(i).values()) {
                        result = choice(equal(choice.subject(), label), taken, result);
                    }
                }
                value = result;
            }
        }
        return value;
    }

    /** Where one side drives nothing the checks have shown that it is never taken. */
    private static @Nullable Expr choice(Expr condition, @Nullable Expr then, @Nullable Expr otherwise) {
        if (then == null || otherwise == null) {
            return then == null ? otherwise : then;
        }
        return new Expr.Mux(condition, then, otherwise, then.type());
    }

    private static Expr equal(Expr value, BigInteger label) {
        return new Expr.Binary(BinaryOp.EQ, value, new Expr.Literal(label, value.type()), new Type.Bool());
    }
}
