// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.Expr;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A sort of operator.
 *
 * @param kind what it does
 * @param width of its result; of a comparison and a product the wider operand's
 * @param size of a multiplexer the number of its inputs, of a product the narrower operand's width, else 0
 */
public record Operator(Kind kind, int width, int size) implements Comparable<Operator> {

    /** What operators do; single gates are not counted. */
    public enum Kind {
        /** Sums, differences and negations. */
        ADDER,
        /** Products. */
        MULTIPLIER,
        /** Quotients and remainders. */
        DIVIDER,
        /** Equal, less and the like. */
        COMPARATOR,
        /** One of several values. Not those in front of a register that only hold or clear it. */
        MULTIPLEXER,
        /** Shifts by an amount that is not constant. */
        SHIFTER
    }

    /** The operator that an expression is, null if it is wires and gates. */
    static @Nullable Operator of(Expr expr) {
        int width = expr.type().width();
        if (expr instanceof Expr.Mux) {
            return new Operator(Kind.MULTIPLEXER, width, 2);
        } else if (expr instanceof Expr.Select select) {
            return new Operator(Kind.MULTIPLEXER, width, select.elements().size());
        } else if (expr instanceof Expr.Unary unary) {
            return switch (unary.op()) {
                case NEG -> new Operator(Kind.ADDER, width, 0);
                case NOT, AND_R, OR_R, XOR_R -> null;
            };
        } else if (expr instanceof Expr.Binary binary) {
            int a = binary.a().type().width();
            int b = binary.b().type().width();
            return switch (binary.op()) {
                case ADD, SUB -> new Operator(Kind.ADDER, width, 0);
                case MUL -> new Operator(Kind.MULTIPLIER, Math.max(a, b), Math.min(a, b));
                case DIV, REM -> new Operator(Kind.DIVIDER, a, b);
                case EQ, NE, LT, LE, GT, GE -> new Operator(Kind.COMPARATOR, Math.max(a, b), 0);
                case SHL, SHR -> new Operator(Kind.SHIFTER, width, 0);
                case AND, OR, XOR -> null;
            };
        }
        return null;
    }

    /** The size in words: {@code 8 x 8} of a product, {@code 4:1 x 16} of a multiplexer, else the width. */
    public String shape() {
        return switch (kind) {
            case MULTIPLIER, DIVIDER -> width + " x " + size;
            case MULTIPLEXER -> size + ":1 x " + width;
            case ADDER, COMPARATOR, SHIFTER -> Integer.toString(width);
        };
    }

    @Override
    public int compareTo(Operator other) {
        return Comparator.comparing(Operator::kind)
                .thenComparing(Operator::size)
                .thenComparing(Operator::width)
                .compare(this, other);
    }
}
