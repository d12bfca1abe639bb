// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/**
 * What the columns of a row lack of a group's sum, from the sums of its activations: with codes of signs {@code -z' sum a}, with digits
 * {@code sum a} times half the weight of each pass but the least significant one ({@link dev.lutra.machine.WeightPacking#DIGITS}).
 */
final class ActivationSum extends Module {

    record Params(boolean digits, int shift, int sumBits, int innerBits) {}

    final SInt sum;
    final Bool accumulate = in(bool());
    final Bool restart = in(bool());
    final Bool twice = in(bool());
    final Bool planeLast = in(bool());
    final UInt zeroPoint = in(uint(2));
    final SInt correction;

    ActivationSum(Params p) {
        super(p);
        doc(
                p.digits()
                        ? "What the digits of a group's weights leave out: the sum of its activations, with half the weight of each pass but the last."
                        : "Minus zero point times the sum of a group's activations, which the last plane counts.");
        sum = in(sint(p.sumBits()));
        correction = out(sint(p.innerBits()));
        int bits = p.innerBits() + 1;
        var acc = reg(sint(bits));
        if (p.digits()) {
            var base = mux(restart, 0, mux(twice, acc.shl(p.shift()).truncate(bits), acc));
            when(accumulate, () -> acc.set(base.wrapAdd(mux(planeLast, 0, sum))));
            correction.set(acc.shr(1));
        } else {
            var term = mux(planeLast.and(zeroPoint.eq(1)), sum.neg(), mux(planeLast.and(zeroPoint.eq(2)), sum, 0));
            when(accumulate, () -> acc.set(mux(restart, 0, acc).wrapAdd(term)));
            correction.set(acc.truncate(p.innerBits()));
        }
    }
}
