// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;

/**
 * What the columns of one row share of a group's sums: the bits 0 of all lookups, with the weights of their planes, minus z' times the sum
 * of the activations. Both come out of the tables (entry 0 is the sum), so nothing is added that the table does not add.
 */
final class RowCorrection extends Module {

    record Params(int t, int sumBits, int innerBits) {}

    final Vec<SInt> sums;
    final Bool accumulate;
    final Bool restart;
    final Bool twice;
    final Bool planeLast;
    final UInt zeroPoint;
    final SInt correction;

    RowCorrection(Params p) {
        super(p);
        doc("What all columns of a row have in common: bit 0 of every lookup, weighted by its plane, minus zero point"
                + " times the sum of the group's activations, which the last plane counts.");
        sums = in(vec(p.t(), i -> sint(p.sumBits())));
        accumulate = in(bool());
        restart = in(bool());
        twice = in(bool());
        planeLast = in(bool());
        zeroPoint = in(uint(2));
        correction = out(sint(p.innerBits()));

        var total = CarryTree.sum(sums.asList());
        var ones = CarryTree.count(sums.stream().map(s -> s.bit(0)).toList());
        var sumA = reg(sint(total.width()));
        var odd = reg(sint(ones.width() + 1));
        sumA.set(total);
        odd.set(ones.toSInt());

        var subtract = planeLast.and(zeroPoint.eq(1));
        var add = planeLast.and(zeroPoint.eq(2));
        var term = mux(subtract, odd.sub(sumA), mux(add, odd.add(sumA), odd));
        if (p.t() > 1) {
            // One more stage, as the columns have one for their adder trees.
            var termReg = reg(sint(term.width()));
            termReg.set(term);
            term = termReg;
        }
        var addend = term;
        var acc = reg(sint(p.innerBits()));
        var base = mux(restart, 0, mux(twice, acc.shl(1).truncate(p.innerBits()), acc));
        when(accumulate, () -> acc.set(base.wrapAdd(addend)));
        correction.set(acc);
    }
}
