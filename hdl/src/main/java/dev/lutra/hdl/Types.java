// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.function.IntFunction;

/** The types of the intermediate representation, one object per width where widths are usual. */
final class Types {
    /** Beyond this a width is taken for a mistake. */
    static final int MAX_WIDTH = 1 << 16;

    private static final int USUAL = 129;
    private static final Type[] UINT = table(Type.UInt::new);
    private static final Type[] SINT = table(Type.SInt::new);
    private static final Type[] BITS = table(Type.Bits::new);
    /** What stands for a type of an impossible width, to carry on after the report. */
    private static final Type BROKEN_UINT = new Type.UInt(1);

    private static final Type BROKEN_SINT = new Type.SInt(1);
    private static final Type BROKEN_BITS = new Type.Bits(1);
    static final Type BOOL = new Type.Bool();
    static final Type CLOCK = new Type.Clock();

    private static final ClassValue<Type> ENUM = new ClassValue<>() {
        @Override
        protected Type computeValue(Class<?> type) {
            checkCodes(type);
            var values =
                    Arrays.stream(type.getEnumConstants()).map(Enum.class::cast).toList();
            var names = values.stream().map(Enum::name).toList();
            var codes = values.stream().map(Types::code).toList();
            int width = Math.max(
                    1, codes.stream().mapToInt(BigInteger::bitLength).max().orElse(1));
            return new Type.Enumeration(type.getSimpleName(), names, codes, width);
        }
    };

    private Types() {}

    /** Whether two types are equal; mostly they are one object. */
    static boolean same(Type a, Type b) {
        return a == b || a.equals(b);
    }

    /** Whether the width of a type was reported as impossible, so that what follows from it is not worth a word. */
    @SuppressWarnings("ReferenceEquality") // equal to an honest one in value
    static boolean isBroken(Type type) {
        return type == BROKEN_UINT || type == BROKEN_SINT || type == BROKEN_BITS;
    }

    static Type uint(int width) {
        if (!isLegal("uint", width)) {
            return BROKEN_UINT;
        }
        return width < USUAL ? UINT[width] : new Type.UInt(width);
    }

    static Type sint(int width) {
        if (!isLegal("sint", width)) {
            return BROKEN_SINT;
        }
        return width < USUAL ? SINT[width] : new Type.SInt(width);
    }

    static Type bits(int width) {
        if (!isLegal("bits", width)) {
            return BROKEN_BITS;
        }
        return width < USUAL ? BITS[width] : new Type.Bits(width);
    }

    static Type.Fixed fixed(boolean signed, int integerBits, int fractionBits) {
        long width = (long) integerBits + fractionBits;
        if (width < 1 || width > MAX_WIDTH || Math.abs((long) fractionBits) > MAX_WIDTH) {
            throw Session.misuse(
                    "width",
                    String.format(
                            Locale.ROOT,
                            "%s(%d, %d): a width is from 1 to %d",
                            signed ? "sfix" : "ufix",
                            integerBits,
                            fractionBits,
                            MAX_WIDTH),
                    "give the bits before the point and the bits after it");
        }
        return new Type.Fixed(signed, (int) width, fractionBits);
    }

    static Type enumeration(Class<?> type) {
        if (type.getEnumConstants() == null || type.getEnumConstants().length == 0) {
            throw Session.misuse(
                    "type", "the enumeration " + type.getSimpleName() + " has no values", "give it at least one");
        }
        return ENUM.get(type);
    }

    private static void checkCodes(Class<?> type) {
        var used = new HashMap<BigInteger, Object>();
        for (Object value : type.getEnumConstants()) {
            var code = code((Enum<?>) value);
            var other = used.put(code, value);
            if (code.signum() < 0 || other != null) {
                throw Session.misuse(
                        "type",
                        type.getSimpleName() + "." + value + " has code " + code
                                + (other == null ? ", which is negative" : ", like " + other),
                        "code() gives each value a number of its own, 0 or more");
            }
        }
    }

    /** What stands for a value of an enumeration in hardware. */
    static BigInteger code(Enum<?> value) {
        return BigInteger.valueOf(value instanceof Coded coded ? coded.code() : value.ordinal());
    }

    /** Whether a width is one; reports if not, and the caller carries on with one bit. */
    private static boolean isLegal(String factory, int width) {
        if (width >= 1 && width <= MAX_WIDTH) {
            return true;
        }
        String called = Frames.called();
        String what = called.equals(factory)
                ? String.format(Locale.ROOT, "%s(%d)", factory, width)
                : String.format(Locale.ROOT, "the result of %s() has %d bits", called, width);
        Session.mistake(
                "width",
                String.format(Locale.ROOT, "%s: a width is from 1 to %d", what, MAX_WIDTH),
                width == 0 ? "leave a signal without bits out" : "check how the width is computed");
        return false;
    }

    private static Type[] table(IntFunction<Type> make) {
        var types = new Type[USUAL];
        for (int width = 1; width < USUAL; width++) {
            types[width] = make.apply(width);
        }
        return types;
    }
}
