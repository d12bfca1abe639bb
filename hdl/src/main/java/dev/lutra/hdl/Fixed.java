// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A fixed-point number: an integer, the <em>raw</em> value, times 2^-f. With i integer bits (the sign among them) and f
 * fraction bits it has i + f bits; either may be negative or more than the width, where the point lies outside the bits.
 *
 * <p>Arithmetic lines the points up and grows, so that no result is ever lost. {@link #round} says what becomes of fraction
 * bits, {@link #saturate} and {@link #wrap} what becomes of integer bits; nothing else drops any. Below, i and f are the bits
 * of this operand, j and g of the other one. A {@code double} operand is the decimal number that Java prints for it; it must
 * be a multiple of a power of two, such as 0.375, and takes as few bits as it can.
 *
 * @param <F> this class
 */
public abstract sealed class Fixed<F extends Fixed<F>> extends Ground permits UFix, SFix {
    /** Widest result of a shift by a variable amount. */
    private static final int MAX_SHIFT_WIDTH = 1024;

    Fixed(Type.Fixed type) {
        super(type);
    }

    /** A fresh type of this kind. */
    abstract F format(int integerBits, int fractionBits);

    @SuppressWarnings("unchecked") // each class names itself
    private F self() {
        return (F) this;
    }

    /** Bits before the point, the sign among them. */
    public final int integerBits() {
        return width() - fractionBits();
    }

    /** Bits after the point. */
    public final int fractionBits() {
        return ((Type.Fixed) type()).fractionBits();
    }

    @Override
    final F ofWidth(int width) {
        return format(width - fractionBits(), fractionBits());
    }

    // ---- driving ----

    /** Drives this signal by a constant, which the format must have. */
    public final void set(double value) {
        Build.assign(this, literal(decimal(value)));
    }

    /** Drives this signal by the constant of its format that a number is rounded to. */
    public final void set(double value, Rounding rounding) {
        Build.assign(this, literal(decimal(value), rounding));
    }

    /** Gives a register its reset value, which the format must have. */
    public final F init(double value) {
        return init(decimal(value), null);
    }

    /** Gives a register the reset value that a number is rounded to. */
    public final F init(double value, Rounding rounding) {
        return init(decimal(value), rounding);
    }

    /** Gives a register its reset value, which the format must have. */
    public final F init(BigDecimal value) {
        return init(value, null);
    }

    private F init(BigDecimal value, @Nullable Rounding rounding) {
        Registers.init(this, Decimals.raw(this, value, rounding));
        return self();
    }

    // ---- arithmetic ----

    /** Sum: max(i, j) + 1 integer bits, max(f, g) fraction bits. */
    public final F add(F other) {
        return aligned(Op.ADD, other, format(integers(other) + 1, fractions(other)));
    }

    /** Sum with a constant. */
    public final F add(double other) {
        return add(constant(other));
    }

    /** Difference, signed: max(i, j) + 1 integer bits, max(f, g) fraction bits. */
    public final SFix sub(F other) {
        return aligned(Op.SUB, other, new SFix(integers(other) + 1, fractions(other)));
    }

    /** Difference with a constant, signed. */
    public final SFix sub(double other) {
        return sub(constant(other));
    }

    /** Product: i + j integer bits, f + g fraction bits. */
    public final F mul(F other) {
        return Build.binary(
                Op.MUL,
                this,
                other,
                format(integerBits() + other.integerBits(), fractionBits() + other.fractionBits()));
    }

    /** Product with a constant. */
    public final F mul(double other) {
        return mul(constant(other));
    }

    /** Sum modulo 2^max(i, j): max(i, j) integer bits, max(f, g) fraction bits. */
    public final F wrapAdd(F other) {
        return aligned(Op.ADD, other, format(integers(other), fractions(other)));
    }

    /** Difference modulo 2^max(i, j): max(i, j) integer bits, max(f, g) fraction bits. */
    public final F wrapSub(F other) {
        return aligned(Op.SUB, other, format(integers(other), fractions(other)));
    }

    /** 0 minus this value, signed: i + 1 integer bits, f fraction bits. */
    public final SFix neg() {
        return Build.unary(Op.NEG, this, new SFix(integerBits() + 1, fractionBits()));
    }

    /** The lesser one: max(i, j) integer bits, max(f, g) fraction bits. */
    public final F min(F other) {
        return Hdl.mux(Session.part(() -> lt(other)), self(), other);
    }

    /** The greater one: max(i, j) integer bits, max(f, g) fraction bits. */
    public final F max(F other) {
        return Hdl.mux(Session.part(() -> gt(other)), self(), other);
    }

    /** This value times 2^amount: the same bits, the point moved to the right; i + amount integer bits, f - amount fraction bits. */
    public final F shl(int amount) {
        return moved(Shifts.checked(this, amount));
    }

    /** This value divided by 2^amount: the same bits, the point moved to the left; i - amount integer bits, f + amount fraction bits. */
    public final F shr(int amount) {
        return moved(-Shifts.checked(this, amount));
    }

    private F moved(int by) {
        return by == 0 ? self() : Build.unary(Op.REINTERPRET, this, format(integerBits() + by, fractionBits() - by));
    }

    /** This value times 2^amount, amount of v bits: i + 2^v - 1 integer bits, f fraction bits; 1,024 bits at most, else an error. */
    public final F shl(UInt amount) {
        int grown = Shifts.grown(this, amount, MAX_SHIFT_WIDTH);
        return Build.binary(Op.SHL, this, amount, format(grown - fractionBits(), fractionBits()));
    }

    /** This value divided by 2^amount, amount of v bits: i integer bits, f + 2^v - 1 fraction bits; 1,024 bits at most, else an error. */
    public final F shr(UInt amount) {
        int grown = Shifts.grown(this, amount, MAX_SHIFT_WIDTH);
        var result = format(integerBits(), grown - integerBits());
        return Build.binary(Op.SHR, Session.part(() -> withFraction(result.fractionBits())), amount, result);
    }

    // ---- what loses ----

    /**
     * The value with at most {@code fractionBits} bits after the point. Rounding to the nearest takes i + 1 integer bits, the
     * others i; if the point has so many fraction bits already, the value stays as it is, format and all.
     */
    public final F round(int fractionBits, Rounding rounding) {
        int drop = fractionBits() - fractionBits;
        if (drop <= 0) {
            return self();
        }
        int integers = Math.max(integerBits() + (rounding.carries() ? 1 : 0), 1 - fractionBits);
        var result = format(integers, fractionBits);
        var sum = Session.part(() -> beforeCut(drop, rounding));
        return Build.binary(Op.SHR, sum, Session.part(() -> Hdl.lit(drop)), result);
    }

    /** What is divided by 2^drop and rounded down. */
    private Ground beforeCut(int drop, Rounding rounding) {
        boolean signed = type().signed();
        var half = BigInteger.ONE.shiftLeft(drop - 1);
        // A bit for the carry, and enough for the bit above the cut.
        int width = Math.max(width(), drop) + 1;
        return switch (rounding) {
            case FLOOR -> this;
            case TOWARDS_ZERO ->
                signed
                        ? plus(
                                Hdl.mux(
                                        bit(width() - 1),
                                        raw(width, half.shiftLeft(1).subtract(BigInteger.ONE)),
                                        raw(width, BigInteger.ZERO)),
                                width)
                        : this;
            case HALF_UP -> plus(raw(width, half), width);
            case HALF_EVEN -> {
                var odd = drop < width() ? bit(drop) : signed ? bit(width() - 1) : Hdl.lit(false);
                yield plus(Hdl.mux(odd, raw(width, half), raw(width, half.subtract(BigInteger.ONE))), width);
            }
            case HALF_AWAY ->
                signed
                        ? plus(
                                Hdl.mux(bit(width() - 1), raw(width, half.subtract(BigInteger.ONE)), raw(width, half)),
                                width)
                        : plus(raw(width, half), width);
        };
    }

    private Ground plus(F other, int width) {
        return Build.binary(Op.ADD, this, other, ofWidth(width));
    }

    /** A constant with this point. */
    private F raw(int width, BigInteger raw) {
        return Build.literalFor(ofWidth(width), raw);
    }

    /** The nearest value that {@code integerBits} bits before the point can hold, f fraction bits. */
    public final F saturate(int integerBits) {
        var result = narrowed("saturate", integerBits);
        if (integerBits >= integerBits()) {
            return integerBits == integerBits() ? self() : Build.unary(Op.EXTEND, this, result);
        }
        var clamped = Session.part(() -> {
            F most = min(raw(width(), result.type().max()));
            return type().signed() ? most.max(raw(width(), result.type().min())) : most;
        });
        return Build.unary(Op.TRUNCATE, clamped, result);
    }

    /** The value modulo 2^integerBits: the integer bits above are cut off, f fraction bits. */
    public final F wrap(int integerBits) {
        var result = narrowed("wrap", integerBits);
        if (integerBits == integerBits()) {
            return self();
        }
        return Build.unary(integerBits > integerBits() ? Op.EXTEND : Op.TRUNCATE, this, result);
    }

    private F narrowed(String method, int integerBits) {
        if (integerBits + fractionBits() < 1) {
            Build.error(
                    this,
                    "width",
                    method + "(" + integerBits + ") of " + describe() + " would leave no bits",
                    "with " + fractionBits() + " fraction bits there are at least " + (1 - fractionBits())
                            + " integer bits");
            return format(1 - fractionBits(), fractionBits());
        }
        return format(integerBits, fractionBits());
    }

    // ---- comparison ----

    /** Whether the values are equal. */
    public final Bool eq(F other) {
        return aligned(Op.EQ, other, new Bool());
    }

    /** Whether this is a constant, which the format must have. */
    public final Bool eq(double other) {
        return eq(literal(decimal(other)));
    }

    /** Whether the values differ. */
    public final Bool ne(F other) {
        return aligned(Op.NE, other, new Bool());
    }

    /** Whether this is not a constant, which the format must have. */
    public final Bool ne(double other) {
        return ne(literal(decimal(other)));
    }

    /** Whether this value is less. */
    public final Bool lt(F other) {
        return aligned(Op.LT, other, new Bool());
    }

    /** Whether this value is less than a decimal number, any number. */
    public final Bool lt(double other) {
        return Compare.constant(Op.LT, this, Decimals.scaled(this, decimal(other), true));
    }

    /** Whether this value is at most the other one. */
    public final Bool le(F other) {
        return aligned(Op.LE, other, new Bool());
    }

    /** Whether this value is at most a decimal number, any number. */
    public final Bool le(double other) {
        return Compare.constant(Op.LE, this, Decimals.scaled(this, decimal(other), false));
    }

    /** Whether this value is greater. */
    public final Bool gt(F other) {
        return aligned(Op.GT, other, new Bool());
    }

    /** Whether this value is greater than a decimal number, any number. */
    public final Bool gt(double other) {
        return Compare.constant(Op.GT, this, Decimals.scaled(this, decimal(other), false));
    }

    /** Whether this value is at least the other one. */
    public final Bool ge(F other) {
        return aligned(Op.GE, other, new Bool());
    }

    /** Whether this value is at least a decimal number, any number. */
    public final Bool ge(double other) {
        return Compare.constant(Op.GE, this, Decimals.scaled(this, decimal(other), true));
    }

    // ---- raw values ----

    /** The number that a raw integer stands for, for test benches. */
    public final BigDecimal decode(BigInteger raw) {
        return Decimals.value(raw, fractionBits());
    }

    /**
     * The raw integer that a number is rounded to, for memory contents and test benches.
     *
     * @throws HdlException if it is out of range
     */
    public final BigInteger encode(double value, Rounding rounding) {
        return Decimals.rawOrThrow(this, BigDecimal.valueOf(value).stripTrailingZeros(), rounding);
    }

    @Override
    String literalText(BigInteger raw) {
        return decode(raw).toPlainString();
    }

    @Override
    BigInteger code(long value) {
        return Decimals.raw(this, BigDecimal.valueOf(value), null);
    }

    // ---- for this package ----

    /** A constant of this format; one that it does not have is reported. */
    final F literal(BigDecimal value) {
        return Build.literalFor(self(), Decimals.raw(this, value, null));
    }

    /** The constant of this format that a number is rounded to. */
    final F literal(BigDecimal value, Rounding rounding) {
        return Build.literalFor(self(), Decimals.raw(this, value, rounding));
    }

    /** The same value with more fraction bits. */
    final F withFraction(int fractionBits) {
        int more = fractionBits - fractionBits();
        if (more == 0) {
            return self();
        }
        var result = format(integerBits(), fractionBits);
        var constant = literal();
        return constant != null
                ? Build.literalFor(result, constant.shiftLeft(more))
                : Build.binary(Op.SHL, this, Hdl.lit(more), result);
    }

    /** Bits before the point of the wider one. */
    final int integers(F other) {
        return Math.max(integerBits(), other.integerBits());
    }

    /** Bits after the point of the finer one. */
    final int fractions(F other) {
        return Math.max(fractionBits(), other.fractionBits());
    }

    private <R extends Ground> R aligned(Op op, F other, R result) {
        int fractions = fractions(other);
        var left = Session.part(() -> withFraction(fractions));
        var right = Session.part(() -> other.withFraction(fractions));
        return Build.binary(op, left, right, result);
    }

    /** A constant operand in as few bits as it takes. */
    private F constant(double value) {
        return Decimals.operand(self(), decimal(value));
    }

    private BigDecimal decimal(double value) {
        return Decimals.of(this, value);
    }
}
