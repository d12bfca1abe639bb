// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node of the flat graph. Structurally equal values are one object (see {@link Graph}), so operands compare by
 * identity.
 */
final class Value {
    final Op op;
    final int width;
    final boolean signed;
    final Value[] in;
    /** Lowest bit of a SLICE. */
    final int lo;
    /** The number of a CONST; null otherwise. */
    final @Nullable BigInteger number;
    /** What a SOURCE is, or the memory of a READ; null otherwise. */
    final @Nullable Object origin;

    private final int hash;
    /** Place in the graph: operands have smaller ids. Set when the graph takes the value in. */
    int id = -1;

    Value(Op op, int width, boolean signed, Value[] in, int lo, @Nullable BigInteger number, @Nullable Object origin) {
        this.op = op;
        this.width = width;
        this.signed = signed;
        this.in = in;
        this.lo = lo;
        this.number = number;
        this.origin = origin;
        int h = op.ordinal() * 31 + width * 2 + (signed ? 1 : 0);
        h = h * 31 + lo;
        for (Value operand : in) {
            h = h * 31 + operand.id;
        }
        h = h * 31 + (number == null ? 0 : number.hashCode());
        hash = h * 31 + System.identityHashCode(origin);
    }

    boolean isConst() {
        return op == Op.CONST;
    }

    /** Whether this is the given literal. */
    boolean is(int literal) {
        return number != null && number.bitLength() < 32 && number.intValue() == literal;
    }

    /** Number of 64-bit words. */
    int words() {
        return (width + 63) >> 6;
    }

    /** Whether the value lives in an int of the machine. */
    boolean isInt() {
        return width <= 32;
    }

    /** Whether the value needs several words. */
    boolean isWide() {
        return width > 64;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Value that
                && hash == that.hash
                && op == that.op
                && width == that.width
                && signed == that.signed
                && lo == that.lo
                && origin == that.origin
                && Arrays.equals(in, that.in, (x, y) -> x == y ? 0 : 1)
                && (number == null ? that.number == null : number.equals(that.number));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        var text = new StringBuilder("v")
                .append(id)
                .append(':')
                .append(signed ? 's' : 'u')
                .append(width);
        text.append('=').append(op);
        if (number != null) {
            text.append(' ').append(number);
        }
        if (op == Op.SLICE) {
            text.append(" from ").append(lo);
        }
        for (Value operand : in) {
            text.append(" v").append(operand.id);
        }
        return text.toString();
    }
}
