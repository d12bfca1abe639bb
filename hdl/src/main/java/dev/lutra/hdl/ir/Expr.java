// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A combinational value. Expressions form a graph: one object may be the operand of many. Compared by identity. The
 * constructors check types and throw {@link IllegalArgumentException}: a front end reports a user's mistake before it
 * gets here.
 */
public sealed interface Expr {

    /** Type of the value. */
    Type type();

    /** The expressions this one is made of, in the order of the record; none for a reference or a literal. */
    List<Expr> operands();

    /** The value as a formula for messages: what only changes the type is left out. */
    default String formula() {
        return ExprText.of(this, false);
    }

    /** The value of a signal. */
    record Ref(Signal signal) implements Expr {
        @Override
        public Type type() {
            return signal.type();
        }

        @Override
        public List<Expr> operands() {
            return List.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return signal.name();
        }
    }

    /** A constant in the range of its type. */
    record Literal(BigInteger value, Type type) implements Expr {
        public Literal {
            if (!value.equals(type.wrap(value))) {
                throw new IllegalArgumentException(value + " is out of the range of " + type);
            }
        }

        @Override
        public List<Expr> operands() {
            return List.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            String name = type instanceof Type.Enumeration names ? names.nameOf(value) : null;
            return name == null ? value.toString() : name;
        }
    }

    /** An operation on one value. */
    record Unary(UnaryOp op, Expr a, Type type) implements Expr {
        public Unary {
            if (op.reduces()) {
                require(type.width() == 1 && !type.signed(), op, type);
            } else if (op == UnaryOp.NOT) {
                require(type.width() == a.type().width(), op, type, a);
            }
        }

        @Override
        public List<Expr> operands() {
            return List.of(a);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** An operation on two values of one signedness (shifts: the amount is unsigned). */
    record Binary(BinaryOp op, Expr a, Expr b, Type type) implements Expr {
        public Binary {
            if (op.shifts()) {
                require(!b.type().signed(), op, type, a, b);
            } else {
                require(a.type().signed() == b.type().signed(), op, type, a, b);
            }
            if (op.compares()) {
                require(type.width() == 1 && !type.signed(), op, type, a, b);
            }
        }

        @Override
        public List<Expr> operands() {
            return List.of(a, b);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** {@code cond ? t : f}; both branches have the width and signedness of the node. */
    record Mux(Expr cond, Expr t, Expr f, Type type) implements Expr {
        public Mux {
            requireBool("condition of a multiplexer", cond);
            require(type.sameShape(t.type()) && type.sameShape(f.type()), "MUX", type, t, f);
        }

        @Override
        public List<Expr> operands() {
            return List.of(cond, t, f);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** The element at an unsigned index, 0 beyond the last; elements have the width and signedness of the node. */
    record Select(Expr index, List<Expr> elements, Type type) implements Expr {
        public Select {
            elements = List.copyOf(elements);
            requireUnsigned("index of a selection", index);
            for (Expr element : elements) {
                require(type.sameShape(element.type()), "SELECT", type, element);
            }
        }

        @Override
        public List<Expr> operands() {
            var all = new ArrayList<Expr>(elements.size() + 1);
            all.add(index);
            all.addAll(elements);
            return all;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** Bits {@code hi} down to {@code lo} of the operand's two's complement. */
    record Slice(Expr a, int hi, int lo, Type type) implements Expr {
        public Slice {
            require(lo >= 0 && hi >= lo && hi < a.type().width() && type.width() == hi - lo + 1, "SLICE", type, a);
        }

        @Override
        public List<Expr> operands() {
            return List.of(a);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** The bits of all parts side by side, the first one at the top. */
    record Concat(List<Expr> msbFirst, Type type) implements Expr {
        public Concat {
            msbFirst = List.copyOf(msbFirst);
            int width = 0;
            for (Expr part : msbFirst) {
                width += part.type().width();
            }
            require(width == type.width(), "CONCAT", type, msbFirst);
        }

        @Override
        public List<Expr> operands() {
            return msbFirst;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** The same value in at least as many bits: sign bits above a signed operand, zeros above an unsigned one. */
    record Extend(Expr a, Type type) implements Expr {
        public Extend {
            require(type.width() >= a.type().width(), "EXTEND", type, a);
        }

        @Override
        public List<Expr> operands() {
            return List.of(a);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** The low bits of the operand, read as the type. */
    record Truncate(Expr a, Type type) implements Expr {
        public Truncate {
            require(type.width() <= a.type().width(), "TRUNCATE", type, a);
        }

        @Override
        public List<Expr> operands() {
            return List.of(a);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /**
     * The operand's bits, read as another type of the same width.
     *
     * @param crosses whether it may be a value of another clock; then it goes straight into a register
     */
    record Reinterpret(Expr a, boolean crosses, Type type) implements Expr {
        /** A value of the clocks of its operand. */
        public Reinterpret(Expr a, Type type) {
            this(a, false, type);
        }

        public Reinterpret {
            require(type.width() == a.type().width(), "REINTERPRET", type, a);
        }

        @Override
        public List<Expr> operands() {
            return List.of(a);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        @Override
        public String toString() {
            return ExprText.of(this, true);
        }
    }

    /** Throws unless the value is one unsigned bit. */
    static void requireBool(String what, Expr value) {
        if (value.type().width() != 1 || value.type().signed()) {
            throw new IllegalArgumentException(what + ": one bit expected, not " + value.type());
        }
    }

    /** Throws unless the value is unsigned. */
    static void requireUnsigned(String what, Expr value) {
        if (value.type().signed()) {
            throw new IllegalArgumentException(what + ": unsigned expected, not " + value.type());
        }
    }

    private static void require(boolean holds, Object op, Type type, Expr... operands) {
        if (!holds) {
            require(false, op, type, List.of(operands));
        }
    }

    private static void require(boolean holds, Object op, Type type, List<Expr> operands) {
        if (!holds) {
            var text = new StringBuilder("no ")
                    .append(op)
                    .append(" of type ")
                    .append(type)
                    .append(" from");
            for (Expr operand : operands) {
                text.append(' ').append(operand).append(": ").append(operand.type());
            }
            throw new IllegalArgumentException(text.toString());
        }
    }
}
