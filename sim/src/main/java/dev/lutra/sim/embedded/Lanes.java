// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.Arrays;

/**
 * Values of one type that stand side by side, one for each of several like parts of a design, to be computed by one loop over
 * arrays.
 */
final class Lanes {
    private static final Lanes[] NONE = {};

    /** How a lane's value comes about. */
    enum Kind {
        /** All lanes have the same value, which is computed once outside of loops. */
        SAME,
        /** All lanes compute the same operation, on operands that are lanes in turn. */
        OPERATION,
        /** Any values: registers, inputs, what is computed elsewhere. */
        GATHER,
        /** Each lane has a block of its own to look up in. */
        BLOCKS
    }

    final Kind kind;
    final Value[] members;
    /** Operands of an OPERATION; empty otherwise. */
    final Lanes[] in;
    /**
     * What a loop computes for each lane: an operation on the forms of the operands, a SOURCE where the lane's value is fetched, or
     * a constant. Its origin is this object unless it is a constant.
     */
    final Value form;

    private Lanes(Kind kind, Value[] members, Lanes[] in) {
        this.kind = kind;
        this.members = members;
        this.in = in;
        Value first = members[0];
        if (kind == Kind.SAME && first.isConst()) {
            form = first;
        } else if (kind == Kind.OPERATION) {
            Value[] forms = Arrays.stream(in).map(lanes -> lanes.form).toArray(Value[]::new);
            form = new Value(first.op, first.width, first.signed, forms, first.lo, null, this);
        } else {
            form = new Value(Op.SOURCE, first.width, first.signed, new Value[0], 0, null, this);
        }
    }

    static Lanes same(Value[] members) {
        return new Lanes(Kind.SAME, members, NONE);
    }

    static Lanes gather(Value[] members) {
        return new Lanes(Kind.GATHER, members, NONE);
    }

    static Lanes blocks(Value[] members) {
        return new Lanes(Kind.BLOCKS, members, NONE);
    }

    static Lanes operation(Value[] members, Lanes[] in) {
        return new Lanes(Kind.OPERATION, members, in);
    }

    int count() {
        return members.length;
    }

    /** The value of all lanes, or of the first. */
    Value first() {
        return members[0];
    }

    @Override
    public String toString() {
        return count() + " lanes of " + form;
    }
}
