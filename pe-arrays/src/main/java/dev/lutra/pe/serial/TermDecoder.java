// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** One term of a weight from the bits that it depends on: three of an integer, or an FP4 code. Combinational. */
final class TermDecoder extends Module {

    /** Bits 2i+1, 2i and 2i-1 of an integer, for term i; bit -1 is 0. */
    final Bits digit = in(bits(3));

    /** FP4 code. */
    final Bits code = in(bits(4));

    final Bool isFloat = in(bool());

    /** First term of a floating-point code, or second one; otherwise it has none. */
    final Bool isFirst = in(bool());

    final Bool isSecond = in(bool());

    /** Sign and magnitude, in halves, of the group's special value: what the code of minus zero stands for. */
    final Bool specialNegative = in(bool());

    final UInt specialMagnitude = in(uint(5));

    final Bool negative = out(bool());
    final UInt exponent = out(uint(2));
    final Bool one = out(bool());

    TermDecoder() {
        doc("One term of a weight: a Booth digit of an integer, or a leading one of a floating-point magnitude.");
        // Digit -2 b2 + b1 + b0: two for 011 and 100, none for 000 and 111.
        var two = digit.bit(1).eq(digit.bit(0)).and(digit.bit(2).ne(digit.bit(1)));
        var some = digit.andR().or(digit.orR().not()).not();

        var isSpecial = code.asUInt().eq(8);
        var half = code.bits(2, 0).asUInt();
        // I3 I2 I1 I0 . F0 of 0, 0.5, 1, 1.5, 2, 3, 4, 6
        var plain = mux(
                half.lt(4),
                half.extend(5),
                mux(half.bit(1), mux(half.bit(0), lit(12, 5), lit(8, 5)), mux(half.bit(0), lit(6, 5), lit(4, 5))));
        var magnitude = mux(isSpecial, specialMagnitude, plain);
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

        negative.set(mux(isFloat, mux(isSpecial, specialNegative, code.bit(3)), digit.bit(2)));
        exponent.set(
                mux(isFloat, mux(isFirst, first, second), cat(lit(false), two).asUInt()));
        one.set(mux(isFloat, mux(isFirst, firstOne, secondOne.and(isSecond)), some));
    }
}
