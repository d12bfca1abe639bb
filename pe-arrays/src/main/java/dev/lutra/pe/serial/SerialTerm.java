// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import java.util.ArrayList;
import java.util.List;

/**
 * One term of a weight, {@code (-1)^negative x 2^exponent x one x 2^shift} (BitMoD, equation 4). The shift is that of the term's place,
 * the same for all lanes. Values of floating-point types count in halves, which adds one to the paper's bsig of 0 and -1.
 *
 * @param negative sign
 * @param exponent 0..3
 * @param one false: the term is zero
 * @param shift 0..6
 */
public record SerialTerm(boolean negative, int exponent, boolean one, int shift) {

    /** What the term adds to a value. */
    public int value() {
        int magnitude = one ? 1 << exponent + shift : 0;
        return negative ? -magnitude : magnitude;
    }

    /**
     * The terms of a code, {@link SerialType#terms} of them.
     *
     * <p>Integers: radix-4 Booth digits, digit i at shift 2 i. Floating point: the magnitude as {@code I3 I2 I1 I0 . F0}; the leading one
     * of the integer bits, and of what it leaves the leading one of {@code I2 I1 I0 F0}.
     */
    public static List<SerialTerm> of(SerialType type, int code) {
        int value = type.value(code);
        List<SerialTerm> terms = new ArrayList<>();
        if (type.isFloat()) {
            int magnitude = Math.abs(value);
            int integer = Integer.highestOneBit(magnitude & ~1);
            terms.add(term(value < 0, integer >> 1, 1));
            terms.add(term(value < 0, Integer.highestOneBit(magnitude - integer), 0));
            return terms;
        }
        for (int i = 0; i < type.terms(); i++) {
            int low = i == 0 ? 0 : value >> 2 * i - 1 & 1;
            int digit = low + (value >> 2 * i & 1) - 2 * (value >> 2 * i + 1 & 1);
            terms.add(term(digit < 0, Math.abs(digit), 2 * i));
        }
        return terms;
    }

    private static SerialTerm term(boolean negative, int power, int shift) {
        return new SerialTerm(negative, power == 0 ? 0 : Integer.numberOfTrailingZeros(power), power != 0, shift);
    }
}
