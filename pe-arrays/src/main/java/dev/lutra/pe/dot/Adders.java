// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;

/** Additions that a carry chain does with one LUT per bit. */
public final class Adders {

    private Adders() {}

    /**
     * {@code a + b + carry}, one bit wider than the wider of the two. It is written as {@code {a, carry} - {~b, 1}}: of a difference,
     * synthesis lets a's bit enter the carry chain and makes b in the LUT of the sum, where it may take either operand of a sum. The
     * carry takes a place in the chain and no LUT.
     */
    public static SInt add(SInt a, SInt b, Bool carry) {
        var sum = Hdl.cat(a, carry)
                .asSInt()
                .sub(Hdl.cat(b.asBits().not(), Hdl.lit(true)).asSInt());
        return sum.bits(sum.width() - 1, 1).asSInt();
    }

    /** {@link #add} modulo 2^width of a. */
    public static SInt wrapAdd(SInt a, SInt b, Bool carry) {
        return add(a, b, carry).truncate(a.width());
    }

    /** The value, or its complement {@code -value - 1}. */
    public static SInt complement(SInt value, Bool invert) {
        return value.asBits().xor(Hdl.fill(value.width(), invert)).asSInt();
    }
}
