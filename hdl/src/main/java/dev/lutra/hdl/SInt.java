// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;
import java.util.function.UnaryOperator;

/**
 * A two's complement number. Arithmetic grows so that no result is ever lost; {@code wrap...} names say where bits are
 * dropped. Below, {@code w} is the width of this operand, {@code v} of the other. A {@code long} operand is a constant in
 * as few bits as it takes (0 and -1: one bit).
 */
public final class SInt extends Ground {
    /** Largest width that a shift by a variable amount may grow to. */
    private static final int MAX_SHIFT_WIDTH = 1024;

    SInt(int width) {
        super(Types.sint(width));
    }

    @Override
    SInt ofWidth(int width) {
        return new SInt(width);
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
    public SInt init(long value) {
        return init(BigInteger.valueOf(value));
    }

    /** Gives a register its reset value. */
    public SInt init(BigInteger value) {
        Registers.init(this, value);
        return this;
    }

    // ---- arithmetic ----

    /** Sum, max(w, v) + 1 bits. */
    public SInt add(SInt other) {
        return Build.binary(
                Op.ADD,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.sint(known().plus(other.known()))
                        : new SInt(Math.max(width(), other.width()) + 1));
    }

    /** Sum with a constant, max(w, v) + 1 bits. */
    public SInt add(long other) {
        return add(Build.literal(this, other));
    }

    /** Difference, max(w, v) + 1 bits. */
    public SInt sub(SInt other) {
        return Build.binary(
                Op.SUB,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.sint(known().minus(other.known()))
                        : new SInt(Math.max(width(), other.width()) + 1));
    }

    /** Difference with a constant, max(w, v) + 1 bits. */
    public SInt sub(long other) {
        return sub(Build.literal(this, other));
    }

    /** Product, w + v bits. */
    public SInt mul(SInt other) {
        return Build.binary(
                Op.MUL,
                this,
                other,
                Ranges.known(this, other)
                        ? Ranges.sint(known().times(other.known()))
                        : new SInt(width() + other.width()));
    }

    /** Product with a constant, w + v bits. */
    public SInt mul(long other) {
        return mul(Build.literal(this, other));
    }

    /** Sum modulo 2^max(w, v), max(w, v) bits. */
    public SInt wrapAdd(SInt other) {
        return Build.binary(Op.ADD, this, other, wrapped(other, known -> known.plus(other.known())));
    }

    /** Sum with a constant modulo 2^max(w, v), max(w, v) bits. */
    public SInt wrapAdd(long other) {
        return wrapAdd(Build.literal(this, other));
    }

    /** Difference modulo 2^max(w, v), max(w, v) bits. */
    public SInt wrapSub(SInt other) {
        return Build.binary(Op.SUB, this, other, wrapped(other, known -> known.minus(other.known())));
    }

    /** Difference with a constant modulo 2^max(w, v), max(w, v) bits. */
    public SInt wrapSub(long other) {
        return wrapSub(Build.literal(this, other));
    }

    /** Quotient rounded towards zero, w + 1 bits (the least value divided by -1 fits); -1, all ones, if the divisor is 0. */
    public SInt div(SInt other) {
        return Build.binary(Op.DIV, this, other, divided(other, width() + 1));
    }

    /** Quotient by a constant, rounded towards zero, w + 1 bits; -1 if the divisor is 0. */
    public SInt div(long other) {
        return div(Build.literal(this, other));
    }

    /** Remainder with the sign of this value, w bits; this value if the divisor is 0. */
    public SInt rem(SInt other) {
        return Build.binary(
                Op.REM,
                this,
                other,
                Ranges.known(this, other) ? Ranges.sint(Ranges.remainders(known(), other.known())) : new SInt(width()));
    }

    /** Remainder by a constant, w bits; this value if the divisor is 0. */
    public SInt rem(long other) {
        return rem(Build.literal(this, other));
    }

    /** 0 minus this value, w + 1 bits. */
    public SInt neg() {
        return Build.unary(Op.NEG, this, isRanged() ? Ranges.sint(known().negated()) : new SInt(width() + 1));
    }

    /** Magnitude, w bits unsigned (that of the least value fits). */
    public UInt abs() {
        if (isRanged()) {
            var grown = Session.part(() -> Hdl.mux(isNegative(), neg(), this));
            var range = known().magnitude();
            var result = Ranges.uint(range);
            return Build.unary(Op.REINTERPRET, Session.part(() -> grown.truncate(result.width())), result);
        }
        return Session.part(() -> Hdl.mux(isNegative(), neg(), this).truncate(width()))
                .asUInt();
    }

    /** The sign bit. */
    public Bool isNegative() {
        return bit(width() - 1);
    }

    /** The lesser one, max(w, v) bits. */
    public SInt min(SInt other) {
        return Ranges.known(this, other) ? lesser(other) : Hdl.mux(Session.part(() -> lt(other)), this, other);
    }

    /** The lesser one, max(w, v) bits. */
    public SInt min(long other) {
        return min(Build.literal(this, other));
    }

    /** The greater one, max(w, v) bits. */
    public SInt max(SInt other) {
        return Ranges.known(this, other) ? greater(other) : Hdl.mux(Session.part(() -> gt(other)), this, other);
    }

    /** The greater one, max(w, v) bits. */
    public SInt max(long other) {
        return max(Build.literal(this, other));
    }

    // ---- shifts ----

    /** This value times 2^amount, w + amount bits. */
    public SInt shl(int amount) {
        int by = Shifts.checked(this, amount);
        if (by == 0) {
            return this;
        }
        var result = isRanged() ? Ranges.sint(known().shiftedLeft(by)) : new SInt(width() + by);
        return Build.binary(Op.SHL, this, Hdl.lit(by), result);
    }

    /** This value times 2^amount, w + 2^v - 1 bits (1,024 at most, else an error). */
    public SInt shl(UInt amount) {
        if (Ranges.known(this, amount)) {
            return Build.binary(Op.SHL, this, amount, Ranges.sint(Shifts.range(this, amount, MAX_SHIFT_WIDTH)));
        }
        return Build.binary(Op.SHL, this, amount, new SInt(Shifts.grown(this, amount, MAX_SHIFT_WIDTH)));
    }

    /** This value times 2^amount modulo 2^w, w bits; 0 if the amount is w or more. */
    public SInt shlWrap(UInt amount) {
        return Build.binary(Op.SHL, this, amount, new SInt(width()));
    }

    /** This value divided by 2^amount, rounded down (arithmetic shift), w - amount bits but at least 1. */
    public SInt shr(int amount) {
        int by = Shifts.checked(this, amount);
        if (by == 0) {
            return this;
        }
        var result = isRanged() ? Ranges.sint(known().shiftedRight(by)) : new SInt(Math.max(1, width() - by));
        return Build.binary(Op.SHR, this, Hdl.lit(by), result);
    }

    /** This value divided by 2^amount, rounded down (arithmetic shift), w bits. */
    public SInt shr(UInt amount) {
        return Build.binary(
                Op.SHR,
                this,
                amount,
                Ranges.known(this, amount) ? Ranges.sint(Ranges.shiftedRight(known(), amount)) : new SInt(width()));
    }

    /** Bits {@code high} down to {@code low}, high - low + 1 bits; beyond the width is an error. */
    public Bits bits(int high, int low) {
        return Build.bits(this, high, low, new Bits(1));
    }

    // ---- comparison ----

    /** Whether the values are equal; widths may differ. */
    public Bool eq(SInt other) {
        return Build.binary(Op.EQ, this, other, new Bool());
    }

    /** Whether this is a constant, which must be in range. */
    public Bool eq(long other) {
        return eq(Build.literalFor(this, other));
    }

    /** Whether the values differ; widths may differ. */
    public Bool ne(SInt other) {
        return Build.binary(Op.NE, this, other, new Bool());
    }

    /** Whether this is not a constant, which must be in range. */
    public Bool ne(long other) {
        return ne(Build.literalFor(this, other));
    }

    /** Whether this value is less. */
    public Bool lt(SInt other) {
        return Build.binary(Op.LT, this, other, new Bool());
    }

    /** Whether this value is less than a constant. */
    public Bool lt(long other) {
        return Compare.constant(Op.LT, this, other);
    }

    /** Whether this value is at most the other one. */
    public Bool le(SInt other) {
        return Build.binary(Op.LE, this, other, new Bool());
    }

    /** Whether this value is at most a constant. */
    public Bool le(long other) {
        return Compare.constant(Op.LE, this, other);
    }

    /** Whether this value is greater. */
    public Bool gt(SInt other) {
        return Build.binary(Op.GT, this, other, new Bool());
    }

    /** Whether this value is greater than a constant. */
    public Bool gt(long other) {
        return Compare.constant(Op.GT, this, other);
    }

    /** Whether this value is at least the other one. */
    public Bool ge(SInt other) {
        return Build.binary(Op.GE, this, other, new Bool());
    }

    /** Whether this value is at least a constant. */
    public Bool ge(long other) {
        return Compare.constant(Op.GE, this, other);
    }

    // ---- width and kind ----

    /** The low bits, {@code width} of them, read as two's complement; more than there are is an error. */
    public SInt truncate(int width) {
        return kept(Build.truncate(this, width, this));
    }

    /** The same value in {@code width} bits; fewer than there are is an error. */
    public SInt extend(int width) {
        return kept(Build.extend(this, width, this));
    }

    /** The same bits as a fixed-point number: this value times 2^-fractionBits. */
    public SFix asSFix(int fractionBits) {
        return Build.unary(Op.REINTERPRET, this, new SFix(width() - fractionBits, fractionBits));
    }

    /** The nearest value that {@code width} bits can hold. */
    public SInt saturate(int width) {
        if (width >= width()) {
            return extend(width);
        }
        var type = Types.sint(width);
        if (isRanged()) {
            var result = new SInt(width);
            var clamped =
                    Session.part(() -> min(Build.literal(this, type.max())).max(Build.literal(this, type.min())));
            Ranges.of(result, known().clamped(result.known()));
            return Build.unary(clamped.width() < width ? Op.EXTEND : Op.TRUNCATE, clamped, result);
        }
        return Session.part(() -> min(Build.literal(this, type.max())).max(Build.literal(this, type.min())))
                .truncate(width);
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
    public SInt within(Range range) {
        return Ranges.within(this, range);
    }

    /** This value, known to be {@code min} to {@code max}. */
    public SInt within(long min, long max) {
        return within(Range.of(min, max));
    }

    /** The type of a result modulo 2^width. */
    private SInt wrapped(SInt other, UnaryOperator<Range> exact) {
        var result = new SInt(Math.max(width(), other.width()));
        return Ranges.known(this, other) ? Ranges.ifFits(result, exact.apply(known())) : result;
    }

    private SInt divided(SInt other, int width) {
        var range = Ranges.known(this, other) ? Ranges.quotients(known(), other.known()) : null;
        return range == null ? new SInt(width) : Ranges.sint(range);
    }

    private SInt lesser(SInt other) {
        if (known().max().compareTo(other.known().min()) <= 0) {
            return this;
        }
        if (other.known().max().compareTo(known().min()) <= 0) {
            return other;
        }
        var less = Session.part(() -> lt(other));
        return Build.mux(less, this, other, Ranges.sint(known().least(other.known())));
    }

    private SInt greater(SInt other) {
        if (known().min().compareTo(other.known().max()) >= 0) {
            return this;
        }
        if (other.known().min().compareTo(known().max()) >= 0) {
            return other;
        }
        var greater = Session.part(() -> gt(other));
        return Build.mux(greater, this, other, Ranges.sint(known().greatest(other.known())));
    }

    /** The same value or its low bits, with what is known of it if that fits. */
    private SInt kept(SInt result) {
        return isRanged() ? Ranges.ifFits(result, known()) : result;
    }
}
