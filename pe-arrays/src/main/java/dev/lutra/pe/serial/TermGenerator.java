// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/**
 * Unified term generator of BitMoD for one weight: a term per cycle, radix-4 Booth digits of integers, two leading ones of floating
 * point. Combinational.
 *
 * <p>An FP3 code is the FP4 code with a zero appended, so FP4 is all the hardware knows. Integers come sign-extended to 8 bits.
 */
final class TermGenerator extends Module {

    /** Integer in two's complement, or an FP4 code in the low four bits. */
    final SInt code = in(sint(8));

    /** The code is floating point. */
    final Bool isFloat = in(bool());

    /** Special value of the group in halves: what the code of minus zero stands for. */
    final SInt special = in(sint(6));

    /** Which term, from 0. */
    final UInt index = in(uint(2));

    final Bool negative = out(bool());
    final UInt exponent = out(uint(2));
    final Bool one = out(bool());

    TermGenerator() {
        doc("One term of a weight: a Booth digit of an integer, or a leading one of a floating-point magnitude.");
        var padded = cat(code, lit(false));
        var digit = Bits.class.cast(padded.bits(2, 0));
        for (int i = 1; i < 4; i++) {
            digit = mux(index.eq(i), padded.bits(2 * i + 2, 2 * i), digit);
        }
        var term = new TermDecoder();
        term.digit.set(digit);
        term.code.set(code.bits(3, 0));
        term.isFloat.set(isFloat);
        term.isFirst.set(index.eq(0));
        term.isSecond.set(index.eq(1));
        term.specialNegative.set(special.bit(5));
        term.specialMagnitude.set(mux(
                special.bit(5),
                special.neg().bits(4, 0).asUInt(),
                special.bits(4, 0).asUInt()));
        negative.set(term.negative);
        exponent.set(term.exponent);
        one.set(term.one);
    }
}
