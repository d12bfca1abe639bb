// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;

/** What {@link AdderColumn} is, of activations without their bits 0. */
final class HalvesColumn extends Pipelined {

    record Params(int lanes, int sumBits) {
        /** Cycles from the codes to the addition to the sum. */
        int stages() {
            return 2 + SignTree.stages(lanes);
        }
    }

    /** Upper 7 bits of each activation, two cycles after the codes. */
    final Bits activations;

    final Bits codes;

    /** With the codes: {@link Parity}. */
    final Bits clear;

    /** A cycle later. */
    final Bits preset;

    /** With the addition to the sum: the tree's sum is odd. */
    final Bool odd = in(bool());

    final Bits keep;
    final Bits low;
    final Bool enable = in(bool());
    final SInt sum;

    HalvesColumn(Params p) {
        super(p);
        doc("Adds %d INT8 activations, less their bits 0, by the relative signs of one plane.".formatted(p.lanes()));
        activations = in(bits(7 * p.lanes()));
        codes = in(bits(p.lanes()));
        clear = in(bits(p.lanes()));
        preset = in(bits(p.lanes()));
        keep = in(bits(p.sumBits()));
        low = in(bits(p.sumBits()));
        sum = out(sint(p.sumBits()));
        var values = new ArrayList<SInt>();
        var signs = new ArrayList<Bool>();
        var carries = new ArrayList<Bool>();
        for (int k = 0; k < p.lanes(); k++) {
            var differs = codes.bit(k);
            var cleared = reg(bool());
            var carry = reg(bool());
            when(clear.bit(k), () -> cleared.set(false)).otherwise(() -> cleared.set(differs));
            when(preset.bit(k), () -> carry.set(true)).otherwise(() -> carry.set(cleared));
            values.add(activations.bits(7 * k + 6, 7 * k).asSInt());
            signs.add(registered(registered(differs)));
            carries.add(carry);
        }
        var tree = SignTree.sum(values, signs, carries, this::registered);
        var subtract = signs.get(0);
        for (int i = 2; i < p.stages(); i++) subtract = registered(subtract);
        var acc = reg(sint(p.sumBits()));
        var base = BitSerial.base(acc, keep, low);
        var next = Adders.wrapAdd(
                cat(tree, odd).asSInt().extend(p.sumBits()), Adders.complement(base, subtract), subtract);
        when(enable, () -> acc.set(next));
        sum.set(acc);
    }
}
