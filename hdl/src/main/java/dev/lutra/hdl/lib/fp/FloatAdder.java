// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;

/**
 * a + b or a - b. The number of lesser magnitude is shifted to the other's exponent with three bits below, of which the last one stands for all that are
 * lost; the sum is normalised and rounded. A sum of 0 is +0, but -0 where both operands are: -0 + -0, -0 - +0.
 */
public final class FloatAdder extends FloatUnit {

    /** Most pipeline stages. */
    public static final int MAX_STAGES = 3 + ROUNDING_PLACES;

    /**
     * @param format of operands and result
     * @param stages cycles from operands to result, 0..{@link #MAX_STAGES}
     */
    public record Params(FloatFormat format, int stages) {}

    public final Bits a;
    public final Bits b;

    /** Gives a - b. */
    public final Bool subtract = in(bool());

    public final Bits result;

    public FloatAdder(Params p) {
        super(p, MAX_STAGES, p.stages());
        var format = p.format();
        doc("Sum or difference of two floating-point numbers, %d exponent and %d fraction bits, %d cycles later."
                .formatted(format.exponentBits(), format.fractionBits(), p.stages()));
        int w = format.width();
        a = in(bits(w));
        b = in(bits(w));
        result = out(bits(w));

        var x = FloatParts.of(format, a);
        var y = FloatParts.of(format, b);
        var signB = y.sign().xor(subtract);
        var swap = a.bits(w - 2, 0).asUInt().lt(b.bits(w - 2, 0).asUInt());
        var differ = at(0, x.sign().xor(signB));
        var signBoth = at(0, x.sign().and(signB));
        var signBig = at(0, mux(swap, signB, x.sign()));
        var big = at(0, mux(swap, y.significand(), x.significand()));
        var small = at(0, mux(swap, x.significand(), y.significand()));
        var exponent = mux(swap, y.exponent(), x.exponent());
        var distance = at(0, exponent.wrapSub(mux(swap, x.exponent(), y.exponent())));
        var infinite = x.infinite().or(y.infinite());
        var nan = x.nan()
                .or(y.nan())
                .or(x.infinite().and(y.infinite()).and(x.sign().ne(signB)));

        var aligned = at(1, Shifts.rightSticky(Hdl.cat(small, Hdl.lit(0, 3)).asUInt(), distance));
        var whole = at(1, Hdl.cat(big, Hdl.lit(0, 3)).asUInt());
        var opposite = at(1, differ);

        // The complement's carry comes from one more bit at the end.
        int width = format.fractionBits() + 5;
        var complement = aligned.asBits().xor(Hdl.fill(width - 1, opposite));
        var sum = Hdl.cat(Hdl.lit(false), whole, opposite)
                .asUInt()
                .wrapAdd(Hdl.cat(opposite, complement, opposite).asUInt());
        var significand = at(2, sum.bits(width, 1));
        var zero = significand.orR().not();
        var sign = mux(zero, behind(1, 3, signBoth), behind(1, 3, signBig));
        var top = behind(0, 3, exponent).toSInt().add(1);
        result.set(round(format, sign, top, significand, behind(0, 3, infinite), behind(0, 3, nan), false));
    }
}
