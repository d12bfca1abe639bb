// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.SummingCore;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;

/**
 * Bipolar planes on both sides (bipolar-INT, arXiv 2409.17870): every plane is of +1 and -1, so its product is {@code 2 popcount(XNOR) - K} and none is a sign plane.
 *
 * <p>Bipolar planes express odd integers alone, {@code x' = sum 2^i (2 x_i - 1)}. An activation a is {@code (a' - 1) / 2} with {@code a' = 2 a + 1}, whose planes are those of
 * {@code a + 2^(A-1)}: two's complement with the sign bit inverted. With the weights' plane w, of +-1, the halves and the constants cancel:
 *
 * <pre>
 *   sum a w = (sum a' w - sum w) / 2
 *           = sum over i &lt; A-1 of 2^i popcount(XNOR(a_i, w)) - 2^(A-1) popcount(XNOR(a_(A-1), w)) + (weights that are -1)
 * </pre>
 *
 * So a zero is a zero, what fills up a row too, and whatever the weights there. The zero point of the weights is taken off as in every engine with signs.
 */
final class BipolarCore extends SummingCore {

    BipolarCore(MatrixShape s) {
        super(s, s);
        doc(
                "Bipolar planes: %d x %d results, %d activations of %d bits per row and one weight plane of every column per cycle."
                        .formatted(s.m(), s.n(), s.step(), s.elementBits()));
        var params = new PlaneColumn.Params(s.step(), s.elementBits(), true);
        var minuses = new ArrayList<UInt>();
        for (int n = 0; n < s.n(); n++) {
            var column = new Minuses(new Minuses.Params(s.step()));
            column.weights.set(weights.bits((n + 1) * s.step() - 1, n * s.step()));
            minuses.add(column.count);
        }
        var planes = reg(bits(s.m() * s.step() * s.elementBits()));
        planes.set(PlaneColumn.planes(activations, s));
        int rowPlanes = s.step() * s.elementBits();
        var sums = new ArrayList<SlotSum>();
        var activationSums = new ArrayList<SInt>();
        for (int m = 0; m < s.m(); m++) {
            var row = planes.bits((m + 1) * rowPlanes - 1, m * rowPlanes);
            for (int n = 0; n < s.n(); n++) {
                var weightPlane = weights.bits((n + 1) * s.step() - 1, n * s.step());
                sums.add(new SlotSum(column(params, row, weightPlane, minuses.get(n)), lit(false)));
            }
            // The activations' sum is the product with weights of +1.
            var ones = fill(s.step(), lit(true));
            activationSums.add(column(params, row, ones, lit(0, PlaneColumn.countBits(s.step()))));
        }
        complete(PlaneColumn.DEPTH, sums, Codes.SIGNS, activationSums);
    }

    private static SInt column(PlaneColumn.Params params, Bits row, Bits weights, UInt minuses) {
        var column = new PlaneColumn(params);
        column.planes.set(row);
        column.weights.set(weights);
        if (column.minuses != null) {
            column.minuses.set(minuses);
        }
        return column.sum;
    }

    static int cycles(boolean scaled) {
        return latency(PlaneColumn.DEPTH, scaled);
    }

    /** Counts the weights of a column that are -1, for all rows. */
    private static final class Minuses extends Pipelined {

        record Params(int lanes) {}

        final Bits weights;
        final UInt count;

        Minuses(Params p) {
            super(p);
            doc("Zeros of a plane of %d weights, two cycles later.".formatted(p.lanes()));
            weights = in(bits(p.lanes()));
            var total = registered(PlaneColumn.count(registered(weights).not()));
            count = out(uint(total.width()));
            count.set(total);
        }
    }
}
