// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;
import java.util.function.UnaryOperator;

/**
 * An unsigned number. Arithmetic grows so that no result is ever lost; {@code wrap...} names say where bits are dropped.
 * Below, {@code w} is the width of this operand, {@code v} of the other. A {@code long} operand is a constant in as few
 * bits as it takes (0 and 1: one bit); a negative one is an error.
 */
public final class UInt extends Ground {
    /** Largest width that a shift by a variable amount may grow to. */
    private static final int MAX_SHIFT_WIDTH = 1024;

    UInt(int width) {
        super(Types.uint(width));
    }

    @Override
    UInt ofWidth(int width) {
        return new UInt(width);
    }

    /** Drives this signal by a constant, which must be in range. */
    public void set(long value) {
        Build.assign(this, Build.literalFor(this, value));
    }

    /** Drives this signal by a constant, which must be in range. */
    public void set(BigInteger value) {
        Build.assign(this, Build.literalFor(this, value));
    }

    /** Gives a register its reset value. */
    public UInt init(long value) {
        return init(BigInteger.valueOf(value));
    }

    /** Gives a register its reset value. */
    public UInt init(BigInteger value) {
        Registers.init(this, value);
        return this;
    }

    // ---- arithmetic ----

    /** Sum, max(w, v) + 1 bits. */
    public UInt add(UInt other) {
        return Build.binary(
                Op.ADD,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.uint(known().plus(other.known()))
                        : new UInt(Math.max(width(), other.width()) + 1));
    }

    /** Sum with a constant, max(w, v) + 1 bits. */
    public UInt add(long other) {
        return add(Build.literal(this, other));
    }

    /** Difference, signed, max(w, v) + 1 bits. */
    public SInt sub(UInt other) {
        return Build.binary(
                Op.SUB,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.sint(known().minus(other.known()))
                        : new SInt(Math.max(width(), other.width()) + 1));
    }

    /** Difference with a constant, signed, max(w, v) + 1 bits. */
    public SInt sub(long other) {
        return sub(Build.literal(this, other));
    }

    /** Product, w + v bits. */
    public UInt mul(UInt other) {
        return Build.binary(
                Op.MUL,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.uint(known().times(other.known()))
                        : new UInt(width() + other.width()));
    }

    /** Product with a constant, w + v bits. */
    public UInt mul(long other) {
        return mul(Build.literal(this, other));
    }

    /** Sum modulo 2^max(w, v), max(w, v) bits. */
    public UInt wrapAdd(UInt other) {
        return Build.binary(Op.ADD, this, other, wrapped(other, known -> known.plus(other.known())));
    }

    /** Sum with a constant modulo 2^max(w, v), max(w, v) bits. */
    public UInt wrapAdd(long other) {
        return wrapAdd(Build.literal(this, other));
    }

    /** Difference modulo 2^max(w, v), max(w, v) bits. */
    public UInt wrapSub(UInt other) {
        return Build.binary(Op.SUB, this, other, wrapped(other, known -> known.minus(other.known())));
    }

    /** Difference with a constant modulo 2^max(w, v), max(w, v) bits. */
    public UInt wrapSub(long other) {
        return wrapSub(Build.literal(this, other));
    }

    /** Quotient rounded down, w bits; all ones if the divisor is 0. */
    public UInt div(UInt other) {
        return Build.binary(Op.DIV, this, other, divided(other, width()));
    }

    /** Quotient by a constant, w bits; all ones if the divisor is 0. */
    public UInt div(long other) {
        return div(Build.literal(this, other));
    }

    /** Remainder, w bits; this value if the divisor is 0. */
    public UInt rem(UInt other) {
        return Build.binary(
                Op.REM,
                this,
                other,
                Ranges.known(this, other) ? Ranges.uint(Ranges.remainders(known(), other.known())) : new UInt(width()));
    }

    /** Remainder by a constant, w bits; this value if the divisor is 0. */
    public UInt rem(long other) {
        return rem(Build.literal(this, other));
    }

    /** 0 minus this value, signed, w + 1 bits. */
    public SInt neg() {
        return Build.unary(Op.NEG, this, isRanged() ? Ranges.sint(known().negated()) : new SInt(width() + 1));
    }

    /** The lesser one, max(w, v) bits. */
    public UInt min(UInt other) {
        return Ranges.known(this, other) ? lesser(other) : Hdl.mux(Session.part(() -> lt(other)), this, other);
    }

    /** The lesser one, max(w, v) bits. */
    public UInt min(long other) {
        return min(Build.literal(this, other));
    }

    /** The greater one, max(w, v) bits. */
    public UInt max(UInt other) {
        return Ranges.known(this, other) ? greater(other) : Hdl.mux(Session.part(() -> gt(other)), this, other);
    }

    /** The greater one, max(w, v) bits. */
    public UInt max(long other) {
        return max(Build.literal(this, other));
    }

    // ---- shifts ----

    /** This value times 2^amount, w + amount bits. */
    public UInt shl(int amount) {
        int by = Shifts.checked(this, amount);
        if (by == 0) {
            return this;
        }
        var result = isRanged() ? Ranges.uint(known().shiftedLeft(by)) : new UInt(width() + by);
        return Build.binary(Op.SHL, this, Hdl.lit(by), result);
    }

    /** This value times 2^amount, w + 2^v - 1 bits (1,024 at most, else an error). */
    public UInt shl(UInt amount) {
        if (Ranges.known(this, amount)) {
            return Build.binary(Op.SHL, this, amount, Ranges.uint(Shifts.range(this, amount, MAX_SHIFT_WIDTH)));
        }
        return Build.binary(Op.SHL, this, amount, new UInt(Shifts.grown(this, amount, MAX_SHIFT_WIDTH)));
    }

    /** This value times 2^amount modulo 2^w, w bits; 0 if the amount is w or more. */
    public UInt shlWrap(UInt amount) {
        return Build.binary(Op.SHL, this, amount, new UInt(width()));
    }

    /** This value divided by 2^amount, rounded down, w - amount bits but at least 1. */
    public UInt shr(int amount) {
        int by = Shifts.checked(this, amount);
        if (by == 0) {
            return this;
        }
        var result = isRanged() ? Ranges.uint(known().shiftedRight(by)) : new UInt(Math.max(1, width() - by));
        return Build.binary(Op.SHR, this, Hdl.lit(by), result);
    }

    /** This value divided by 2^amount, rounded down, w bits. */
    public UInt shr(UInt amount) {
        return Build.binary(
                Op.SHR,
                this,
                amount,
                Ranges.known(this, amount) ? Ranges.uint(Ranges.shiftedRight(known(), amount)) : new UInt(width()));
    }

    // ---- bits ----

    /** Bitwise and, the narrower operand extended by zeros, max(w, v) bits. */
    public UInt and(UInt other) {
        return Build.binary(
                Op.AND,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.uint(new Range(
                                BigInteger.ZERO, known().max().min(other.known().max())))
                        : new UInt(Math.max(width(), other.width())));
    }

    /** Bitwise and with a constant, max(w, v) bits. */
    public UInt and(long other) {
        return and(Build.literal(this, other));
    }

    /** Bitwise or, the narrower operand extended by zeros, max(w, v) bits. */
    public UInt or(UInt other) {
        return Build.binary(
                Op.OR,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.uint(Ranges.patterns(known(), other.known()))
                        : new UInt(Math.max(width(), other.width())));
    }

    /** Bitwise or with a constant, max(w, v) bits. */
    public UInt or(long other) {
        return or(Build.literal(this, other));
    }

    /** Bitwise exclusive or, the narrower operand extended by zeros, max(w, v) bits. */
    public UInt xor(UInt other) {
        return Build.binary(
                Op.XOR,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.uint(Ranges.patterns(known(), other.known()))
                        : new UInt(Math.max(width(), other.width())));
    }

    /** Bitwise exclusive or with a constant, max(w, v) bits. */
    public UInt xor(long other) {
        return xor(Build.literal(this, other));
    }

    /** Every bit inverted, w bits. */
    public UInt not() {
        return Build.unary(Op.NOT, this, new UInt(width()));
    }

    /** Bits {@code high} down to {@code low}, high - low + 1 bits; beyond the width is an error. */
    public UInt bits(int high, int low) {
        return Build.bits(this, high, low, this);
    }

    // ---- comparison ----

    /** Whether the values are equal; widths may differ. */
    public Bool eq(UInt other) {
        return Build.binary(Op.EQ, this, other, new Bool());
    }

    /** Whether this is a constant, which must be in range. */
    public Bool eq(long other) {
        return eq(Build.literalFor(this, other));
    }

    /** Whether the values differ; widths may differ. */
    public Bool ne(UInt other) {
        return Build.binary(Op.NE, this, other, new Bool());
    }

    /** Whether this is not a constant, which must be in range. */
    public Bool ne(long other) {
        return ne(Build.literalFor(this, other));
    }

    /** Whether this value is less. */
    public Bool lt(UInt other) {
        return Build.binary(Op.LT, this, other, new Bool());
    }

    /** Whether this value is less than a constant. */
    public Bool lt(long other) {
        return Compare.constant(Op.LT, this, other);
    }

    /** Whether this value is at most the other one. */
    public Bool le(UInt other) {
        return Build.binary(Op.LE, this, other, new Bool());
    }

    /** Whether this value is at most a constant. */
    public Bool le(long other) {
        return Compare.constant(Op.LE, this, other);
    }

    /** Whether this value is greater. */
    public Bool gt(UInt other) {
        return Build.binary(Op.GT, this, other, new Bool());
    }

    /** Whether this value is greater than a constant. */
    public Bool gt(long other) {
        return Compare.constant(Op.GT, this, other);
    }

    /** Whether this value is at least the other one. */
    public Bool ge(UInt other) {
        return Build.binary(Op.GE, this, other, new Bool());
    }

    /** Whether this value is at least a constant. */
    public Bool ge(long other) {
        return Compare.constant(Op.GE, this, other);
    }

    // ---- width and kind ----

    /** The low bits, {@code width} of them; more than there are is an error. */
    public UInt truncate(int width) {
        return kept(Build.truncate(this, width, this));
    }

    /** The same value in {@code width} bits; fewer than there are is an error. */
    public UInt extend(int width) {
        return kept(Build.extend(this, width, this));
    }

    /** The nearest value that {@code width} bits can hold. */
    public UInt saturate(int width) {
        if (width >= width()) {
            return extend(width);
        }
        if (isRanged()) {
            var result = new UInt(width);
            var clamped =
                    Session.part(() -> min(Build.literal(this, result.type().max())));
            Ranges.of(result, known().clamped(result.known()));
            return Build.unary(clamped.width() < width ? Op.EXTEND : Op.TRUNCATE, clamped, result);
        }
        return Session.part(() -> min(Build.literal(this, Types.uint(width).max())))
                .truncate(width);
    }

    /** The same bits as a fixed-point number: this value times 2^-fractionBits. */
    public UFix asUFix(int fractionBits) {
        return Build.unary(Op.REINTERPRET, this, new UFix(width() - fractionBits, fractionBits));
    }

    /** The same value as a signed number, w + 1 bits. */
    public SInt toSInt() {
        var result = isRanged() ? Ranges.sint(known()) : new SInt(width() + 1);
        if (result.width() <= width()) {
            int width = result.width();
            return Build.unary(Op.REINTERPRET, Session.part(() -> truncate(width)), result);
        }
        return Build.unary(Op.REINTERPRET, Session.part(() -> extend(width() + 1)), result);
    }

    // ---- what is known of the value ----

    /** What the value can be: as declared, as proven from the operands, or all that the width allows. */
    public Range range() {
        return known();
    }

    /**
     * This value, known to be in a range: its width and all that is computed from it are as narrow as that allows. What is not
     * proven is a claim, and checked by a {@code require} at every clock edge under the conditions around this statement.
     */
    public UInt within(Range range) {
        return Ranges.within(this, range);
    }

    /** This value, known to be {@code min} to {@code max}. */
    public UInt within(long min, long max) {
        return within(Range.of(min, max));
    }

    /** The type of a result modulo 2^width. */
    private UInt wrapped(UInt other, UnaryOperator<Range> exact) {
        var result = new UInt(Math.max(width(), other.width()));
        return Ranges.known(this, other) ? Ranges.ifFits(result, exact.apply(known())) : result;
    }

    private UInt divided(UInt other, int width) {
        var range = Ranges.known(this, other) ? Ranges.quotients(known(), other.known()) : null;
        return range == null ? new UInt(width) : Ranges.uint(range);
    }

    private UInt lesser(UInt other) {
        if (known().max().compareTo(other.known().min()) <= 0) {
            return this;
        }
        if (other.known().max().compareTo(known().min()) <= 0) {
            return other;
        }
        var less = Session.part(() -> lt(other));
        return Build.mux(less, this, other, Ranges.uint(known().least(other.known())));
    }

    private UInt greater(UInt other) {
        if (known().min().compareTo(other.known().max()) >= 0) {
            return this;
        }
        if (other.known().min().compareTo(known().max()) >= 0) {
            return other;
        }
        var greater = Session.part(() -> gt(other));
        return Build.mux(greater, this, other, Ranges.uint(known().greatest(other.known())));
    }

    /** The same value or its low bits, with what is known of it if that fits. */
    private UInt kept(UInt result) {
        return isRanged() ? Ranges.ifFits(result, known()) : result;
    }
}
