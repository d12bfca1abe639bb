// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;

/**
 * A pattern of bits without a numeric meaning. Operands must have one width; a {@code long} constant must fit it, read as
 * unsigned.
 */
public final class Bits extends Ground {
    Bits(int width) {
        super(Types.bits(width));
    }

    @Override
    Bits ofWidth(int width) {
        return new Bits(width);
    }

    /** Drives this signal by a constant, which must fit. */
    public void set(long value) {
        Build.assign(this, Build.literalFor(this, value));
    }

    /** Drives this signal by a constant, which must fit. */
    public void set(BigInteger value) {
        Build.assign(this, Build.literalFor(this, value));
    }

    /** Gives a register its reset value. */
    public Bits init(long value) {
        return init(BigInteger.valueOf(value));
    }

    /** Gives a register its reset value. */
    public Bits init(BigInteger value) {
        Registers.init(this, value);
        return this;
    }

    /** Bitwise and. */
    public Bits and(Bits other) {
        return Build.binary(Op.AND, this, matched("and", other), new Bits(width()));
    }

    /** Bitwise and with a constant. */
    public Bits and(long other) {
        return and(Build.literalFor(this, other));
    }

    /** Bitwise or. */
    public Bits or(Bits other) {
        return Build.binary(Op.OR, this, matched("or", other), new Bits(width()));
    }

    /** Bitwise or with a constant. */
    public Bits or(long other) {
        return or(Build.literalFor(this, other));
    }

    /** Bitwise exclusive or. */
    public Bits xor(Bits other) {
        return Build.binary(Op.XOR, this, matched("xor", other), new Bits(width()));
    }

    /** Bitwise exclusive or with a constant. */
    public Bits xor(long other) {
        return xor(Build.literalFor(this, other));
    }

    /** Every bit inverted. */
    public Bits not() {
        return Build.unary(Op.NOT, this, new Bits(width()));
    }

    /** Whether the patterns are equal. */
    public Bool eq(Bits other) {
        return Build.binary(Op.EQ, this, matched("eq", other), new Bool());
    }

    /** Whether this is a constant. */
    public Bool eq(long other) {
        return eq(Build.literalFor(this, other));
    }

    /** Whether the patterns differ. */
    public Bool ne(Bits other) {
        return Build.binary(Op.NE, this, matched("ne", other), new Bool());
    }

    /** Whether this is not a constant. */
    public Bool ne(long other) {
        return ne(Build.literalFor(this, other));
    }

    /** Bits {@code high} down to {@code low}, high - low + 1 bits; beyond the width is an error. */
    public Bits bits(int high, int low) {
        return Build.bits(this, high, low, this);
    }

    private Bits matched(String operator, Bits other) {
        if (other.width() == width()) {
            return other;
        }
        Build.error(
                this,
                "width",
                operator + "() of " + describe() + " and " + other.describe() + ": bit patterns must have one width",
                "use bits(high, low), cat(), or asUInt() for a number");
        return Build.literalFor(this, BigInteger.ZERO);
    }
}
