// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;

/** Order of two numbers, and the lesser and the greater of them. Combinational. */
public final class FloatComparator extends Module {

    /** @param format of the numbers */
    public record Params(FloatFormat format) {}

    public final Bits a;
    public final Bits b;

    /** a &lt; b; -0 is not less than +0. */
    public final Bool less = out(bool());

    /** a = b; -0 = +0. */
    public final Bool equal = out(bool());

    /** Either is a NaN; the other two are false. */
    public final Bool unordered = out(bool());

    /** The lesser one, of two zeros of unlike sign -0; NaN if either is. */
    public final Bits minimum;

    /** The greater one, of two zeros of unlike sign +0; NaN if either is. */
    public final Bits maximum;

    public FloatComparator(Params p) {
        super(p);
        var format = p.format();
        doc("Order, minimum and maximum of two floating-point numbers, %d exponent and %d fraction bits."
                .formatted(format.exponentBits(), format.fractionBits()));
        int w = format.width();
        a = in(bits(w));
        b = in(bits(w));
        minimum = out(bits(w));
        maximum = out(bits(w));

        var magnitudeA = a.bits(w - 2, 0).asUInt();
        var magnitudeB = b.bits(w - 2, 0).asUInt();
        var signA = a.bit(w - 1);
        var signB = b.bit(w - 1);
        var zeros = magnitudeA.or(magnitudeB).orR().not();
        var nan = magnitudeA.gt(format.infinity()).or(magnitudeB.gt(format.infinity()));
        var below = mux(signA, magnitudeB.lt(magnitudeA), magnitudeA.lt(magnitudeB));
        var before = mux(signA.xor(signB), signA, below);
        less.set(before.andNot(zeros).andNot(nan));
        equal.set(zeros.or(a.eq(b)).andNot(nan));
        unordered.set(nan);
        var none = Hdl.lit(format.nan(), w).asBits();
        minimum.set(mux(nan, none, mux(before, a, b)));
        maximum.set(mux(nan, none, mux(before, b, a)));
    }
}
