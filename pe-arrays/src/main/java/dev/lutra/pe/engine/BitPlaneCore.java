// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.pe.CarryTree;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.SummingCore;
import dev.lutra.pe.dot.Adders;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code sum_ij s_ij 2^(i+j) popcount(X_i & W_j)}, where s_ij is -1 if exactly one of i and j is a sign plane (ABQ-LLM): all planes of the
 * activations and one of the weights a slot.
 */
final class BitPlaneCore extends SummingCore {
    private static final int DEPTH = 3;

    BitPlaneCore(MatrixShape s) {
        super(s, s);
        doc(
                "Bit planes: %d x %d results, %d activations of %d bits per row and one weight plane of every column per cycle."
                        .formatted(s.m(), s.n(), s.step(), s.elementBits()));
        // The sign plane of the weights is the first one of a group.
        var signPlane = reg(bool());
        var negative = control.groupFirst.or(signPlane.andNot(control.planeFirst));
        when(control.valid, () -> signPlane.set(negative));
        var negative1 = reg(bool());
        var negative2 = reg(bool());
        var negative3 = reg(bool());
        negative1.set(negative);
        negative2.set(negative1);
        negative3.set(negative2);

        var params = new Column.Params(s.step(), s.elementBits());
        var sums = new ArrayList<SlotSum>();
        var planes = reg(bits(s.m() * s.step() * s.elementBits()));
        planes.set(planes(s));
        int rowPlanes = s.step() * s.elementBits();
        for (int m = 0; m < s.m(); m++) {
            var row = planes.bits((m + 1) * rowPlanes - 1, m * rowPlanes);
            for (int n = 0; n < s.n(); n++) {
                var column = new Column(params);
                column.planes.set(row);
                column.weights.set(weights.bits((n + 1) * s.step() - 1, n * s.step()));
                sums.add(new SlotSum(Adders.complement(column.sum, negative3), negative3));
            }
        }
        complete(DEPTH, sums, Codes.WEIGHTS, List.of());
    }

    /** Bit i of activation k of row m at bit {@code (m A + i) lanes + k}. */
    private Bits planes(MatrixShape s) {
        List<Bool> bits = new ArrayList<>();
        for (int m = s.m() - 1; m >= 0; m--) {
            for (int i = s.elementBits() - 1; i >= 0; i--) {
                for (int k = s.step() - 1; k >= 0; k--) {
                    bits.add(activations.bit(m * rowBits() + 8 * k + i));
                }
            }
        }
        return cat(bits);
    }

    static int cycles(boolean scaled) {
        return latency(DEPTH, scaled);
    }

    /** The popcounts of a column. */
    private static final class Column extends Pipelined {

        record Params(int lanes, int planes) {}

        final Bits planes;
        final Bits weights;
        final SInt sum;

        Column(Params p) {
            super(p);
            doc("Popcounts of %d planes of %d activations with a plane of weights, which comes a cycle before."
                    .formatted(p.planes(), p.lanes()));
            planes = in(bits(p.planes() * p.lanes()));
            weights = in(bits(p.lanes()));
            var plane = registered(weights);
            List<SInt> counts = new ArrayList<>();
            for (int i = 0; i < p.planes(); i++) {
                var both = planes.bits((i + 1) * p.lanes() - 1, i * p.lanes()).and(plane);
                List<Bool> bits = new ArrayList<>();
                for (int k = 0; k < p.lanes(); k++) bits.add(both.bit(k));
                counts.add(registered(CarryTree.count(bits)).toSInt());
            }
            // Neighbours first, so that each sum is as wide as it needs to be; the sign plane counts negative.
            int top = p.planes() - 1;
            counts.set(top, counts.get(top).neg());
            for (int weight = 1; counts.size() > 1; weight *= 2) {
                List<SInt> next = new ArrayList<>();
                for (int i = 0; i < counts.size(); i += 2) {
                    next.add(
                            i + 1 == counts.size()
                                    ? counts.get(i)
                                    : counts.get(i).add(counts.get(i + 1).shl(weight)));
                }
                counts = next;
            }
            var total = registered(counts.get(0));
            sum = out(sint(total.width()));
            sum.set(total);
        }
    }
}
