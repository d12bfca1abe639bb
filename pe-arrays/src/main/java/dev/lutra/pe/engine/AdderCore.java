// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.SummingCore;
import dev.lutra.pe.dot.Adders;
import dev.lutra.pe.dot.Pipelined;
import dev.lutra.pe.dot.SignTree;
import java.util.ArrayList;
import java.util.List;

/** Adds and subtracts the activations by the relative signs of one plane of the weights a slot. */
final class AdderCore extends SummingCore {

    AdderCore(MatrixShape s) {
        super(s, s);
        doc(
                "Bit-serial adders: %d x %d results, %d INT8 activations per row and one weight plane of every column per cycle."
                        .formatted(s.m(), s.n(), s.step()));
        int depth = depth(s);
        var params = new SignColumn.Params(s.step());
        var sums = new ArrayList<SlotSum>();
        var activationSums = new ArrayList<SInt>();
        var line = reg(bits(s.activationBits()));
        line.set(activations);
        for (int m = 0; m < s.m(); m++) {
            var row = line.bits((m + 1) * rowBits() - 1, m * rowBits());
            for (int n = 0; n < s.n(); n++) {
                var column = new SignColumn(params);
                column.activations.set(row);
                column.signs.set(weights.bits((n + 1) * s.step() - 1, n * s.step()));
                sums.add(new SlotSum(column.sum, column.carry));
            }
            var all = new LineSum(new LineSum.Params(s.step(), depth - 1));
            all.activations.set(row);
            activationSums.add(all.sum);
        }
        complete(depth, sums, Codes.SIGNS, activationSums);
    }

    private static int depth(MatrixShape s) {
        return 1 + SignTree.stages(s.step());
    }

    static int cycles(MatrixShape s, boolean scaled) {
        return latency(depth(s), scaled);
    }

    /** The tree of a column. */
    private static final class SignColumn extends Pipelined {

        record Params(int lanes) {}

        final Bits activations;
        final Bits signs;
        final SInt sum;
        final Bool carry = out(bool());

        SignColumn(Params p) {
            super(p);
            doc(
                    "Adds %d INT8 activations by relative signs: bit k says whether activation k has another sign than activation k & k - 1."
                            .formatted(p.lanes()),
                    "Signs come a cycle before the activations.");
            activations = in(bits(8 * p.lanes()));
            signs = in(bits(p.lanes()));
            var relative = registered(signs);
            List<SInt> a = new ArrayList<>();
            List<Bool> differ = new ArrayList<>();
            for (int k = 0; k < p.lanes(); k++) {
                a.add(activations.bits(8 * k + 7, 8 * k).asSInt());
                differ.add(relative.bit(k));
            }
            var tree = SignTree.sum(a, differ, differ, this::registered);
            var negative = differ.get(0);
            for (int i = 0; i < SignTree.stages(p.lanes()); i++) negative = registered(negative);
            sum = out(sint(tree.width()));
            sum.set(Adders.complement(tree, negative));
            carry.set(negative);
        }
    }
}
