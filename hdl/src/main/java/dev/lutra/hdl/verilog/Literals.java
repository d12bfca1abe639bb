// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Sized constants. */
final class Literals {

    private static final int DECIMAL_BITS = 31;

    private Literals() {}

    /** The low {@code width} bits of a value, in the base that suits the type it has in the source. */
    static Text of(BigInteger value, Type type, int width) {
        if (type.signed()) {
            return signed(value, width);
        }
        BigInteger low = value.mod(BigInteger.ONE.shiftLeft(width));
        if (width == 1) {
            return Text.primary(low.signum() == 0 ? "1'b0" : "1'b1", false);
        }
        boolean pattern = type instanceof Type.Bits && low.signum() != 0;
        if (pattern && width <= 4) {
            return Text.primary(width + "'b" + pad(low.toString(2), width), false);
        }
        if (pattern || low.bitLength() > DECIMAL_BITS) {
            return Text.primary(width + "'h" + low.toString(16), false);
        }
        return Text.primary(width + "'d" + low, false);
    }

    /** The value of an unsigned constant as {@link #of} writes it, null for any other text. */
    static @Nullable BigInteger value(String code) {
        int quote = code.indexOf('\'');
        if (quote < 1 || quote + 2 >= code.length()) {
            return null;
        }
        char letter = code.charAt(quote + 1);
        int base = letter == 'b' ? 2 : letter == 'd' ? 10 : 16;
        return digits(code, 0, quote, 10) && "bdh".indexOf(letter) >= 0 && digits(code, quote + 2, code.length(), base)
                ? new BigInteger(code.substring(quote + 2), base)
                : null;
    }

    private static boolean digits(String code, int from, int to, int base) {
        for (int i = from; i < to; i++) {
            if (Character.digit(code.charAt(i), base) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Zeros. */
    static String zeros(int width) {
        return width == 1 ? "1'b0" : width + "'d0";
    }

    private static Text signed(BigInteger value, int width) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(width);
        BigInteger low = value.mod(modulus);
        if (width == 1) {
            return Text.primary(low.signum() == 0 ? "1'sb0" : "1'sb1", true);
        }
        BigInteger number = low.testBit(width - 1) ? low.subtract(modulus) : low;
        boolean least = number.signum() < 0
                && number.bitLength() == number.negate().bitLength() - 1
                && number.bitLength() == width - 1
                && number.getLowestSetBit() == width - 1;
        if (least || number.bitLength() > DECIMAL_BITS) {
            return Text.primary(width + "'sh" + low.toString(16), true);
        }
        if (number.signum() < 0) {
            return new Text("-" + width + "'sd" + number.negate(), Text.UNARY, true, false);
        }
        return Text.primary(width + "'sd" + number, true);
    }

    private static String pad(String digits, int width) {
        return "0".repeat(width - digits.length()) + digits;
    }
}
