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
        // Digit -2 b2 + b1 + b0: two for 011 and 100, none for 000 and 111.
        var two = digit.bit(1).eq(digit.bit(0)).and(digit.bit(2).ne(digit.bit(1)));
        var some = digit.andR().or(digit.orR().not()).not();

        var fp = code.bits(3, 0);
        var isSpecial = fp.asUInt().eq(8);
        var half = fp.bits(2, 0).asUInt();
        // I3 I2 I1 I0 . F0 of 0, 0.5, 1, 1.5, 2, 3, 4, 6
        var plain = mux(
                half.lt(4),
                half.extend(5),
                mux(half.bit(1), mux(half.bit(0), lit(12, 5), lit(8, 5)), mux(half.bit(0), lit(6, 5), lit(4, 5))));
        var ofSpecial = mux(
                special.bit(5),
                special.neg().bits(4, 0).asUInt(),
                special.bits(4, 0).asUInt());
        var magnitude = mux(isSpecial, ofSpecial, plain);
        var i3 = magnitude.bit(4);
        var i2 = magnitude.bit(3);
        var i1 = magnitude.bit(2);
        var i0 = magnitude.bit(1);
        var first = mux(i3, lit(3, 2), mux(i2, lit(2, 2), mux(i1, lit(1, 2), lit(0, 2))));
        var firstOne = i3.or(i2).or(i1).or(i0);
        // What the first leading one leaves.
        var r2 = i2.and(i3);
        var r1 = i1.and(i3.or(i2));
        var r0 = i0.and(i3.or(i2).or(i1));
        var second = mux(r2, lit(3, 2), mux(r1, lit(2, 2), mux(r0, lit(1, 2), lit(0, 2))));
        var secondOne = r2.or(r1).or(r0).or(magnitude.bit(0));
        var isFirst = index.eq(0);

        negative.set(mux(isFloat, mux(isSpecial, special.bit(5), fp.bit(3)), digit.bit(2)));
        exponent.set(
                mux(isFloat, mux(isFirst, first, second), cat(lit(false), two).asUInt()));
        one.set(mux(isFloat, mux(isFirst, firstOne, secondOne.and(index.eq(1))), some));
    }
}
