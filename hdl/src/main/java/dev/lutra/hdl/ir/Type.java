// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A ground type: width in bits (at least 1) and whether its values are two's complement. The usual types have their own
 * {@code hashCode}, since a record's generated one takes long to start.
 */
public sealed interface Type {

    /** Number of bits, at least 1. */
    int width();

    /** Whether the top bit has negative weight. */
    boolean signed();

    /** Whether the other type has the same width and signedness. */
    default boolean sameShape(Type other) {
        return width() == other.width() && signed() == other.signed();
    }

    /** The least value. */
    default BigInteger min() {
        return signed() ? BigInteger.ONE.shiftLeft(width() - 1).negate() : BigInteger.ZERO;
    }

    /** The greatest value. */
    default BigInteger max() {
        return BigInteger.ONE.shiftLeft(signed() ? width() - 1 : width()).subtract(BigInteger.ONE);
    }

    /** Whether a value is between {@link #min} and {@link #max}. */
    default boolean holds(BigInteger value) {
        return signed() ? value.bitLength() < width() : value.signum() >= 0 && value.bitLength() <= width();
    }

    /** The value of this type whose bits are the low bits of the two's complement of {@code value}. */
    default BigInteger wrap(BigInteger value) {
        if (holds(value)) {
            return value;
        }
        BigInteger modulus = BigInteger.ONE.shiftLeft(width());
        BigInteger low = value.mod(modulus);
        return signed() && low.testBit(width() - 1) ? low.subtract(modulus) : low;
    }

    /** Unsigned number. */
    record UInt(int width) implements Type {
        public UInt {
            checkWidth(width);
        }

        @Override
        public int hashCode() {
            return 4 * width;
        }

        @Override
        public boolean signed() {
            return false;
        }

        @Override
        public String toString() {
            return "UInt(" + width + ")";
        }
    }

    /** Two's complement number. */
    record SInt(int width) implements Type {
        public SInt {
            checkWidth(width);
        }

        @Override
        public int hashCode() {
            return 4 * width + 1;
        }

        @Override
        public boolean signed() {
            return true;
        }

        @Override
        public String toString() {
            return "SInt(" + width + ")";
        }
    }

    /**
     * Fixed-point number: an integer of so many bits, times 2^-fractionBits. Operations treat it as that integer.
     *
     * @param fractionBits of the width, bits after the point; may be negative or more than the width
     */
    record Fixed(boolean signed, int width, int fractionBits) implements Type {
        public Fixed {
            checkWidth(width);
        }

        /** The format as signal processing writes it: {@code Q4.12} (sign among the 4), unsigned {@code UQ4.12}. */
        public String format() {
            return (signed ? "Q" : "UQ") + (width - fractionBits) + "." + fractionBits;
        }

        @Override
        public String toString() {
            return (signed ? "SFix(" : "UFix(") + (width - fractionBits) + ", " + fractionBits + ")";
        }
    }

    /** Bits without a numeric meaning; arithmetic reads them as unsigned. */
    record Bits(int width) implements Type {
        public Bits {
            checkWidth(width);
        }

        @Override
        public int hashCode() {
            return 4 * width + 2;
        }

        @Override
        public boolean signed() {
            return false;
        }

        @Override
        public String toString() {
            return "Bits(" + width + ")";
        }
    }

    /** One bit, 1 is true. */
    record Bool() implements Type {
        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public boolean signed() {
            return false;
        }

        @Override
        public String toString() {
            return "Bool";
        }
    }

    /**
     * One of named values.
     *
     * @param name name of the enumeration, as a prefix of the constants in Verilog
     * @param values names of the values
     * @param codes their codes, all different, in the same order
     * @param width bits, enough for the greatest code
     */
    record Enumeration(String name, List<String> values, List<BigInteger> codes, int width) implements Type {
        public Enumeration {
            values = List.copyOf(values);
            codes = List.copyOf(codes);
            checkWidth(width);
            int bits = width;
            if (values.isEmpty()
                    || values.size() != codes.size()
                    || codes.stream().anyMatch(code -> code.signum() < 0 || code.bitLength() > bits)
                    || Set.copyOf(codes).size() != codes.size()) {
                throw new IllegalArgumentException(
                        "enumeration " + name + ": values " + values + " of codes " + codes + " in " + width + " bits");
            }
        }

        /** Values coded 0, 1, 2 in order. */
        public Enumeration(String name, List<String> values, int width) {
            this(
                    name,
                    values,
                    IntStream.range(0, values.size())
                            .mapToObj(BigInteger::valueOf)
                            .toList(),
                    width);
        }

        /** The name of a code, null for a code that is no value. */
        public @Nullable String nameOf(BigInteger code) {
            int index = codes.indexOf(code);
            return index < 0 ? null : values.get(index);
        }

        @Override
        public boolean signed() {
            return false;
        }

        @Override
        public String toString() {
            return name + "(" + width + ")";
        }
    }

    private static void checkWidth(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("width " + width + " is below 1");
        }
    }

    /** A clock. Nothing reads it but domains; it is passed on to instances as it is. */
    record Clock() implements Type {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public boolean signed() {
            return false;
        }

        @Override
        public String toString() {
            return "Clock";
        }
    }

    /** A reset: one bit, at the level that its kind says. */
    record Reset(ResetKind kind) implements Type {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public boolean signed() {
            return false;
        }

        @Override
        public String toString() {
            return "Reset(" + kind + ")";
        }
    }
}
