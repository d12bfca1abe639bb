// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ResetKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Types, constants and operators without a receiver. A {@link Module} inherits them; elsewhere use
 * {@code import static dev.lutra.hdl.Hdl.*}.
 */
public abstract sealed class Hdl permits Module {
    Hdl() {}

    // ---- types ----

    /** Unsigned number of {@code width} bits: 0 to 2^width - 1. */
    public static UInt uint(int width) {
        return new UInt(width);
    }

    /** Two's complement number of {@code width} bits: -2^(width-1) to 2^(width-1) - 1. */
    public static SInt sint(int width) {
        return new SInt(width);
    }

    /** Unsigned number that is in a range, in as few bits as it takes. */
    public static UInt uint(Range range) {
        return Ranges.uint(range);
    }

    /** Two's complement number that is in a range, in as few bits as it takes. */
    public static SInt sint(Range range) {
        return Ranges.sint(range);
    }

    /** The numbers from {@code min} to {@code max}, both included. */
    public static Range range(long min, long max) {
        return Range.of(min, max);
    }

    /**
     * Unsigned fixed-point number, integerBits + fractionBits wide: 0 to 2^integerBits - 2^-fractionBits.
     *
     * @param integerBits bits before the point
     * @param fractionBits bits after it
     */
    public static UFix ufix(int integerBits, int fractionBits) {
        return new UFix(integerBits, fractionBits);
    }

    /**
     * Signed fixed-point number, integerBits + fractionBits wide: -2^(integerBits-1) to 2^(integerBits-1) - 2^-fractionBits.
     *
     * @param integerBits bits before the point, the sign among them
     * @param fractionBits bits after it
     */
    public static SFix sfix(int integerBits, int fractionBits) {
        return new SFix(integerBits, fractionBits);
    }

    /** Truth value. */
    public static Bool bool() {
        return new Bool();
    }

    /** Pattern of {@code width} bits. */
    public static Bits bits(int width) {
        return new Bits(width);
    }

    /** Value of a Java enumeration, coded by its ordinal or, if it is {@link Coded}, as it says. */
    public static <E extends Enum<E>> EnumSignal<E> enumOf(Class<E> values) {
        return new EnumSignal<>(values);
    }

    /** A clock beside the module's own, for {@link Module#domain}; only of inputs. */
    public static Clock clock() {
        return new Clock();
    }

    /** A reset, synchronous and active high, for {@link Module#domain}. */
    public static Reset reset() {
        return new Reset(ResetKind.SYNC);
    }

    /** A reset for {@link Module#domain}. */
    public static Reset reset(ResetKind kind) {
        return new Reset(kind);
    }

    /** {@code size} elements; the function gives a fresh type for each, all of one shape. */
    public static <T extends Data> Vec<T> vec(int size, IntFunction<T> element) {
        return Vec.of(size, element);
    }

    /** A stream: {@code bits} travel in a cycle with {@code valid} and {@code ready} both true. */
    public static <T extends Data> Decoupled<T> decoupled(T bits) {
        return new Decoupled<>(bits);
    }

    /** A fresh type like that of a signal or type. */
    @SuppressWarnings("unchecked") // fresh keeps the class
    public static <T extends Data> T like(T data) {
        return (T) data.fresh();
    }

    /**
     * A fresh type whose fields all run forwards: {@code in(watched(type))} only looks at an interface, and {@code set} gives it one
     * that others drive.
     */
    public static <T extends Bundle> T watched(T type) {
        T fresh = like(type);
        for (Ground leaf : fresh.leaves()) {
            if (leaf.isFlipped()) {
                leaf.flip();
            }
        }
        return fresh;
    }

    // ---- constants ----

    /** Unsigned constant in as few bits as it takes (0 and 1: one bit). */
    public static UInt lit(long value) {
        return lit(BigInteger.valueOf(value));
    }

    /** Unsigned constant in as few bits as it takes. */
    public static UInt lit(BigInteger value) {
        return Build.literal(new UInt(1), value);
    }

    /** Unsigned constant of {@code width} bits. */
    public static UInt lit(long value, int width) {
        return Build.literalFor(new UInt(width), value);
    }

    /** Unsigned constant of {@code width} bits. */
    public static UInt lit(BigInteger value, int width) {
        return Build.literalFor(new UInt(width), value);
    }

    /** Signed constant in as few bits as it takes (0 and -1: one bit). */
    public static SInt slit(long value) {
        return Build.literal(new SInt(1), value);
    }

    /** Signed constant of {@code width} bits. */
    public static SInt slit(long value, int width) {
        return Build.literalFor(new SInt(width), value);
    }

    /** Fixed-point constant of a format, which must have it. */
    public static <F extends Fixed<F>> F lit(double value, F format) {
        return format.literal(Decimals.of(format, value));
    }

    /** Fixed-point constant of a format, which must have it. */
    public static <F extends Fixed<F>> F lit(BigDecimal value, F format) {
        return format.literal(value);
    }

    /** The fixed-point constant of a format that a number is rounded to. */
    public static <F extends Fixed<F>> F lit(double value, F format, Rounding rounding) {
        return format.literal(Decimals.of(format, value), Objects.requireNonNull(rounding));
    }

    /** The fixed-point constant of a format that a number is rounded to. */
    public static <F extends Fixed<F>> F lit(BigDecimal value, F format, Rounding rounding) {
        return format.literal(value, Objects.requireNonNull(rounding));
    }

    /** Truth constant. */
    public static Bool lit(boolean value) {
        return Build.literalFor(new Bool(), value ? 1 : 0);
    }

    /** Constant of an enumeration. */
    public static <E extends Enum<E>> EnumSignal<E> lit(E value) {
        return Build.literalFor(new EnumSignal<>(value.getDeclaringClass()), Types.code(value));
    }

    // ---- operators ----

    /**
     * {@code a} if {@code condition} is true, else {@code b}. Numbers may differ in width, the result has the larger one
     * (fixed point: the larger one on each side of the point); any other types must be equal.
     */
    public static <T extends Data> T mux(Bool condition, T a, T b) {
        return Mux.of(condition, a, b);
    }

    /** {@code a} or a constant. */
    public static UInt mux(Bool condition, UInt a, long b) {
        return mux(condition, a, Build.literal(a, b));
    }

    /** A constant or {@code b}. */
    public static UInt mux(Bool condition, long a, UInt b) {
        return mux(condition, Build.literal(b, a), b);
    }

    /** {@code a} or a constant. */
    public static SInt mux(Bool condition, SInt a, long b) {
        return mux(condition, a, Build.literal(a, b));
    }

    /** A constant or {@code b}. */
    public static SInt mux(Bool condition, long a, SInt b) {
        return mux(condition, Build.literal(b, a), b);
    }

    /** The exact sum of numbers of one kind, at least one, by a balanced tree; integers in as few bits as their ranges prove. */
    public static <T extends Ground> T sum(List<T> terms) {
        if (terms.isEmpty()) {
            throw Session.misuse("width", "sum() of no numbers", "give at least one");
        }
        return Ranges.sum(terms);
    }

    /** The bits of all parts side by side, the first part at the top. */
    public static Bits cat(Data first, Data... others) {
        var leaves = new ArrayList<Ground>();
        first.msbFirst(leaves);
        for (Data other : others) {
            other.msbFirst(leaves);
        }
        return Build.concat(leaves);
    }

    /** The bits of all parts side by side, the first part at the top; there must be one. */
    public static Bits cat(List<? extends Data> parts) {
        if (parts.isEmpty()) {
            throw Session.misuse("width", "cat() of no signals", "a signal has at least one bit");
        }
        var leaves = new ArrayList<Ground>();
        for (Data part : parts) {
            part.msbFirst(leaves);
        }
        return Build.concat(leaves);
    }

    /** {@code count} copies of a bit side by side. */
    public static Bits fill(int count, Bool bit) {
        if (count < 1 || count > Types.MAX_WIDTH) {
            throw Session.misuse(
                    "width",
                    "fill(" + count + ", bit): a width is from 1 to " + Types.MAX_WIDTH,
                    count < 1 ? "leave a signal without bits out" : "check how the count is computed");
        }
        return Build.concat(Collections.nCopies(count, bit));
    }

    /**
     * A value that may belong to another clock than the register it is set to. It is for synchronisers alone: it must go
     * straight into a register, or be the asynchronous reset of a domain, and come straight out of registers or inputs of the top,
     * through wires and inverters alone. What is taken at an edge may be the value before or
     * after a change, bit by bit.
     */
    @SuppressWarnings("unchecked") // fresh keeps the class
    public static <T extends Ground> T crossing(T value) {
        return (T) Build.unary(Op.CROSSING, value, value.fresh());
    }

    /** The element at an index that hardware chooses; all bits 0 beyond the last one. All have the type of the first. */
    public static <T extends Data> T select(UInt index, List<T> elements) {
        if (elements.isEmpty()) {
            throw Session.misuse("index", "select() among no elements", "give at least one element");
        }
        return Build.select(index, elements);
    }

    /**
     * The inverse of {@link Data#asBits}: {@code fresh} with its elements cut from {@code value}, for reading.
     *
     * @param fresh a type of as many bits as {@code value}
     */
    @SuppressWarnings("unchecked") // fresh() keeps the class
    public static <T extends Data> T unpack(Bits value, T fresh) {
        var result = (T) fresh.fresh();
        if (result.width() != value.width()) {
            throw Session.misuse(
                    "width",
                    "unpack() of " + value.width() + " bits into " + result.width(),
                    "value and type must have the same width");
        }
        var leaves = new ArrayList<Ground>();
        result.msbFirst(leaves);
        var paths = new LeafPaths(result);
        int high = value.width() - 1;
        for (Ground leaf : leaves) {
            int low = high - leaf.width() + 1;
            int top = high;
            var bits = Session.part(() -> Build.slice(value, top, low, new Bits(leaf.width())));
            Session.leaf(paths.of(leaf), () -> Build.unary(Op.REINTERPRET, bits, leaf));
            high = low - 1;
        }
        return result;
    }
}
