// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions around the writes of memories, each as one expression. */
public final class WriteGuards {

    private static final Type BOOL = new Type.Bool();

    private final Map<Statement.MemoryWrite, Expr> guards = new LinkedHashMap<>();

    private WriteGuards() {}

    /** By write, in program order; the enables of ports are not among the conditions, and no condition is the literal 1. */
    public static Map<Statement.MemoryWrite, Expr> of(List<Statement> body) {
        var found = new WriteGuards();
        found.block(body, null);
        return found.guards;
    }

    private void block(List<Statement> body, @Nullable Expr guard) {
        for (Statement statement : body) {
            if (statement instanceof Statement.MemoryWrite write) {
                guards.put(write, guard == null ? new Expr.Literal(BigInteger.ONE, BOOL) : guard);
            } else if (statement instanceof Statement.When when) {
                block(when.then(), and(guard, when.cond()));
                block(when.otherwise(), and(guard, not(when.cond())));
            } else if (statement instanceof Statement.Switch choice) {
                Expr any = null;
                for (Statement.Case branch : choice.cases()) {
                    Expr match = match(choice.subject(), branch.values());
                    any = any == null ? match : new Expr.Binary(BinaryOp.OR, any, match, BOOL);
                    block(branch.body(), and(guard, match));
                }
                block(choice.otherwise(), any == null ? guard : and(guard, not(any)));
            }
        }
    }

    private static Expr match(Expr subject, List<BigInteger> values) {
        Expr any = new Expr.Literal(BigInteger.ZERO, BOOL);
        for (BigInteger value : values) {
            Expr equal = new Expr.Binary(BinaryOp.EQ, subject, new Expr.Literal(value, subject.type()), BOOL);
            any = any instanceof Expr.Literal ? equal : new Expr.Binary(BinaryOp.OR, any, equal, BOOL);
        }
        return any;
    }

    private static Expr not(Expr cond) {
        return cond instanceof Expr.Unary inverse && inverse.op() == UnaryOp.NOT
                ? inverse.a()
                : new Expr.Unary(UnaryOp.NOT, cond, BOOL);
    }

    private static Expr and(@Nullable Expr a, Expr b) {
        return a == null ? b : new Expr.Binary(BinaryOp.AND, a, b, BOOL);
    }
}
