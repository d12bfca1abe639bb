// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ResetKind;

/** A truth value: one bit, 1 is true. */
public final class Bool extends Ground {
    Bool() {
        super(Types.BOOL);
    }

    @Override
    Bool ofWidth(int width) {
        return new Bool();
    }

    /** Drives this signal by a constant. */
    public void set(boolean value) {
        Build.assign(this, Hdl.lit(value));
    }

    /** Gives a register its reset value. */
    public Bool init(boolean value) {
        Registers.init(this, value ? java.math.BigInteger.ONE : java.math.BigInteger.ZERO);
        return this;
    }

    /** A reset that acts while this is true. */
    public Reset asReset(ResetKind kind) {
        if (!kind.activeLow()) {
            return Build.unary(Op.REINTERPRET, this, new Reset(kind));
        }
        var level = Session.part(this::not);
        return Build.unary(Op.REINTERPRET, level, new Reset(kind));
    }

    /** Whether both are true. */
    public Bool and(Bool other) {
        return Build.binary(Op.AND, this, other, new Bool());
    }

    /** Whether at least one is true. */
    public Bool or(Bool other) {
        return Build.binary(Op.OR, this, other, new Bool());
    }

    /** Whether exactly one is true. */
    public Bool xor(Bool other) {
        return Build.binary(Op.XOR, this, other, new Bool());
    }

    /** Whether this is false. */
    public Bool not() {
        return Build.unary(Op.NOT, this, new Bool());
    }

    /** Whether this is true and the other one is not. */
    public Bool andNot(Bool other) {
        return and(Session.part(other::not));
    }

    /** Whether both are the same. */
    public Bool eq(Bool other) {
        return Build.binary(Op.EQ, this, other, new Bool());
    }

    /** Whether they differ. */
    public Bool ne(Bool other) {
        return Build.binary(Op.NE, this, other, new Bool());
    }
}
