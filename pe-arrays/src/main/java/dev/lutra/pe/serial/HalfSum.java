// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/** Steps 5 and 6 of {@link HalfTerms}: the floating sum of a group. What is added is in it a cycle later. */
final class HalfSum extends Module {
    private static final int SUM_BITS = HalfPe.SUM_BITS;
    private static final int EXPONENT_BITS = HalfPe.EXPONENT_BITS;

    /** S, and y, biased: what the last bit of S 2^8 is worth. */
    final SInt addend = in(sint(17));

    final UInt addendExponent = in(uint(EXPONENT_BITS));
    final Bool adds = in(bool());

    /** The group's first slot: the sum before is not looked at. */
    final Bool starts = in(bool());

    /** A, and x, biased: what its last bit is worth. */
    final SInt sum = out(sint(SUM_BITS));

    final UInt exponent = out(uint(EXPONENT_BITS));

    HalfSum() {
        doc("A sum of %d bits with an exponent, never normalised but halved when it is large.".formatted(SUM_BITS));
        var a = reg(sint(SUM_BITS));
        var x = reg(uint(EXPONENT_BITS));
        sum.set(a);
        exponent.set(x);
        var up = addend.shl(8).extend(SUM_BITS);
        var down = addendExponent.toSInt().sub(x.toSInt());
        // An empty sum is the one that is shifted: 0 stays 0, whatever the distance.
        var sumIsLower = down.gt(0).or(starts).or(a.eq(0));
        var low = mux(sumIsLower, mux(starts, 0, a), up);
        var high = mux(sumIsLower, up, a);
        var distance = mux(down.lt(0), down.neg(), down.extend(down.width() + 1))
                .bits(EXPONENT_BITS - 1, 0)
                .asUInt();
        var total = sticky(low, distance).wrapAdd(high);
        var top = total.bit(SUM_BITS - 2);
        var large = mux(
                total.bit(SUM_BITS - 1),
                top.not().or(total.bits(SUM_BITS - 3, 0).orR().not()),
                top);
        var half = total.shr(1);
        var rounded = half.add(cat(lit(false), total.bit(0).and(half.bit(0))).asSInt())
                .truncate(SUM_BITS);
        var last = mux(sumIsLower, addendExponent, x);
        when(adds, () -> {
                    a.set(mux(large, rounded, total));
                    x.set(mux(large, last.wrapAdd(1), last));
                })
                .elseWhen(starts, () -> a.set(0));
    }

    /** Shifted down towards minus infinity, with a last bit that is also 1 if a 1 was lost. */
    private static SInt sticky(SInt value, UInt amount) {
        int width = value.width();
        Bits at = value.asBits();
        Bool lost = Hdl.lit(false);
        Bool sign = value.bit(width - 1);
        for (int k = 0; k < amount.width(); k++) {
            Bool taken = amount.bit(k);
            int by = Math.min(1 << k, width);
            lost = lost.or(taken.and((by == width ? at : at.bits(by - 1, 0)).orR()));
            Bits fill = Hdl.fill(by, sign).asBits();
            at = Hdl.mux(taken, by == width ? fill : Hdl.cat(fill, at.bits(width - 1, by)), at);
        }
        return Hdl.cat(at.bits(width - 1, 1), at.bit(0).or(lost)).asSInt();
    }
}
