// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;

/** Bit-serial column without tables: adds and subtracts activations by the signs of one plane. With one plane it is the +-1 adder of W = 1. */
final class AdderColumn extends Pipelined {

    record Params(int lanes, int sumBits, boolean ternary) {
        int stages() {
            return (ternary ? 2 : 1) + SignTree.stages(lanes);
        }
    }

    final Bits activations;
    final Bits codes;
    final Bits keep;
    final Bits low;
    final Bool enable = in(bool());
    final SInt sum;

    AdderColumn(Params p) {
        super(p);
        doc(
                "Adds %d INT8 activations by the signs of one plane, which are relative: bit k of a code says whether activation k has"
                                .formatted(p.lanes())
                        + " another sign than activation k & k - 1; bit 0 whether the sum has another sign than the sum before.");
        activations = in(bits(8 * p.lanes()));
        codes = in(bits(p.ternary() ? 2 * p.lanes() : p.lanes()));
        keep = in(bits(p.sumBits()));
        low = in(bits(p.sumBits()));
        sum = out(sint(p.sumBits()));
        var weights = registered(codes);
        var a = new ArrayList<SInt>();
        var signs = new ArrayList<Bool>();
        for (int k = 0; k < p.lanes(); k++) {
            var value = activations.bits(8 * k + 7, 8 * k).asSInt();
            if (p.ternary()) {
                // The reset of a register: no LUT.
                var masked = reg(sint(8));
                when(weights.bit(p.lanes() + k), () -> masked.set(0)).otherwise(() -> masked.set(value));
                a.add(masked);
                signs.add(registered(weights.bit(k)));
            } else {
                a.add(value);
                signs.add(weights.bit(k));
            }
        }
        var tree = SignTree.sum(a, signs, signs, this::registered);
        var subtract = signs.get(0);
        for (int i = p.ternary() ? 2 : 1; i < p.stages(); i++) subtract = registered(subtract);
        var acc = reg(sint(p.sumBits()));
        var base = BitSerial.base(acc, keep, low);
        var next = Adders.wrapAdd(tree.extend(p.sumBits()), Adders.complement(base, subtract), subtract);
        when(enable, () -> acc.set(next));
        sum.set(acc);
    }
}
