// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.SummingCore;
import dev.lutra.pe.dot.Adders;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code sum_ij s_ij 2^(i+j) popcount(X_i & W_j)}, where s_ij is -1 if exactly one of i and j is a sign plane (ABQ-LLM): all planes of the
 * activations and one of the weights a slot.
 */
final class BitPlaneCore extends SummingCore {
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

        var params = new PlaneColumn.Params(s.step(), s.elementBits(), false);
        var sums = new ArrayList<SlotSum>();
        var planes = reg(bits(s.m() * s.step() * s.elementBits()));
        planes.set(PlaneColumn.planes(activations, s));
        int rowPlanes = s.step() * s.elementBits();
        for (int m = 0; m < s.m(); m++) {
            var row = planes.bits((m + 1) * rowPlanes - 1, m * rowPlanes);
            for (int n = 0; n < s.n(); n++) {
                var column = new PlaneColumn(params);
                column.planes.set(row);
                column.weights.set(weights.bits((n + 1) * s.step() - 1, n * s.step()));
                sums.add(new SlotSum(Adders.complement(column.sum, negative3), negative3));
            }
        }
        complete(PlaneColumn.DEPTH, sums, Codes.WEIGHTS, List.of());
    }

    static int cycles(boolean scaled) {
        return latency(PlaneColumn.DEPTH, scaled);
    }
}
