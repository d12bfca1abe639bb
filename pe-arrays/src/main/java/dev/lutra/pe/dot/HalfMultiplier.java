// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.arith.BitHeap;
import dev.lutra.hdl.lib.arith.Tree;
import java.util.ArrayList;

/**
 * The exact product of two binary16 numbers, not normalised but aligned to the greatest product of its slot ({@link FusedDot}, steps 2 and 3). Digits 0..3 of the weight choose multiples of the activation, of which three times it is made once
 * for all columns: nothing is negative, and no row needs a sign.
 */
final class HalfMultiplier extends Pipelined {

    /** @param carrySave rows meet in carry-save adders rather than in carry chains */
    record Params(boolean carrySave) {}

    /** Activation, of the cycle before the weight's significand is used: significand and three times it. */
    final UInt once = in(uint(11));

    final UInt thrice = in(uint(13));
    final Bool activationSign = in(bool());
    final UInt activationExponent = in(uint(5));
    final Bits weight = in(bits(16));

    /** Sum of the exponents, at once. */
    final UInt exponentEarly = out(uint(6));

    /** Two cycles later: the greatest sum of exponents. */
    final UInt greatest = in(uint(6));

    /** With it: the aligned product, of a negative one its complement. */
    final SInt aligned = out(sint(25));

    final Bool negative = out(bool());

    HalfMultiplier(Params p) {
        super(p);
        doc("Exact product of two binary16 numbers, aligned to a greatest exponent, two cycles later.");
        var field = weight.bits(14, 10);
        var normal = field.orR();
        var own = cat(field.bits(4, 1), field.bit(0).or(normal.not())).asUInt();
        var sum = own.add(activationExponent);
        exponentEarly.set(sum);
        var distance = greatest.wrapSub(registered(registered(sum)));
        var sign = registered(registered(weight.bit(15).xor(activationSign)));
        negative.set(sign);

        var w = registered(cat(lit(false), normal, weight.bits(9, 0)));
        var single = registered(once).extend(13);
        var triple = registered(thrice);
        var rows = new ArrayList<UInt>();
        for (int digit = 0; digit < 6; digit++) {
            var low = w.bit(2 * digit);
            var high = w.bit(2 * digit + 1);
            var two = single.shl(1).truncate(13);
            var some = mux(high, mux(low, triple, two), single);
            rows.add(some.and(Hdl.fill(13, high.or(low)).asUInt()));
        }
        UInt product;
        if (p.carrySave()) {
            var heap = new BitHeap(22);
            for (int i = 0; i < 6; i++) heap.add(rows.get(i), 2 * i);
            var two = heap.reduce(Tree.DADDA);
            product = two.sum().wrapAdd(two.carry());
        } else {
            var level = rows;
            var low = joined(joined(level.get(0), level.get(1), 2), joined(level.get(2), level.get(3), 2), 4);
            product = joined(low, joined(level.get(4), level.get(5), 2), 8).truncate(22);
        }
        var shifted = registered(product).shl(2).shr(distance);
        aligned.set(Adders.complement(shifted.toSInt(), sign));
    }

    /** {@code low + high 2^shift}. */
    private static UInt joined(UInt low, UInt high, int shift) {
        var sum = Adders.add(signed(low.shr(shift)), signed(high), Hdl.lit(false));
        return Hdl.cat(sum.bits(sum.width() - 2, 0), low.bits(shift - 1, 0)).asUInt();
    }

    private static SInt signed(UInt value) {
        return value.toSInt();
    }
}
