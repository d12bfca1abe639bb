// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;

/** The adders of one column: the lookups' tree, and its sum with what the block had. */
final class StationaryColumn extends Pipelined {

    record Params(int tables, int entryBits, int sumBits) {
        int stages() {
            return SignTree.stages(tables);
        }
    }

    /** What the columns share; every field of the stage that uses it. */
    static final class Shared extends Bundle {
        /** With the codes: node t of the tree does not carry. */
        final Bits clear;
        /** One after the codes: node t of the tree carries. */
        final Bits preset;
        /** With the last addition: its two operands are odd. */
        final Bool treeOdd = field(Hdl.bool());

        final Bool baseOdd = field(Hdl.bool());
        /** What bit i of the block's sum is replaced by: 00 zero, 01 one, 10 itself, 11 the bit below. */
        final Bits keep;

        final Bits low;

        Shared(Params p) {
            clear = field(Hdl.bits(p.tables()));
            preset = field(Hdl.bits(p.tables()));
            keep = field(Hdl.bits(p.sumBits()));
            low = field(Hdl.bits(p.sumBits()));
        }
    }

    final Vec<SInt> lookups;
    final Bits differ;
    final Shared shared;
    final SInt before;
    final SInt after;

    StationaryColumn(Params p) {
        super(p);
        doc(
                "Adds T lookups of the codes of two cycles before, and the sum to what the block had. Signs are relative: bit t of 'differ' says whether lookup t has"
                        + " another sign than lookup t & t - 1; bit 0 whether the tree has another sign than the block's sum had.");
        lookups = in(vec(p.tables(), i -> sint(p.entryBits())));
        differ = in(bits(p.tables()));
        shared = in(new Shared(p));
        before = in(sint(p.sumBits()));
        after = out(sint(p.sumBits()));

        // A carry is forced to 0 in one register and to 1 in the next one: their reset and set, and no LUT.
        var signs = new ArrayList<Bool>();
        var carries = new ArrayList<Bool>();
        for (int t = 0; t < p.tables(); t++) {
            int node = t;
            var differs = differ.bit(t);
            signs.add(registered(registered(differs)));
            var cleared = reg(bool());
            var carry = reg(bool());
            when(shared.clear.bit(t), () -> cleared.set(false)).otherwise(() -> cleared.set(differs));
            when(shared.preset.bit(node), () -> carry.set(true)).otherwise(() -> carry.set(cleared));
            carries.add(carry);
        }
        var tree = SignTree.sum(lookups.asList(), signs, carries, this::registered);
        var subtract = signs.get(0);
        for (int i = 0; i < p.stages(); i++) subtract = registered(subtract);

        var base = new ArrayList<Data>();
        for (int i = p.sumBits() - 1; i >= 0; i--) {
            var kept = i == 0 ? before.bit(0) : mux(shared.low.bit(i), before.bit(i - 1), before.bit(i));
            base.add(mux(shared.keep.bit(i), kept, shared.low.bit(i)));
        }
        var carry = mux(shared.baseOdd, shared.treeOdd, subtract);
        var sum = reg(sint(p.sumBits()));
        sum.set(Adders.wrapAdd(
                tree.extend(p.sumBits()), Adders.complement(cat(base).asSInt(), subtract), carry));
        after.set(sum);
    }
}
