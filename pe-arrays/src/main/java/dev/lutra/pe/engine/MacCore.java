// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.SummingCore;
import dev.lutra.pe.dot.BoothTree;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;

/**
 * Multiplies and accumulates: activations times signed digits of the weights as wide as the planes of a slot. Weights of that width are one
 * digit; wider ones take a pass per digit.
 */
final class MacCore extends SummingCore {

    MacCore(MatrixShape s) {
        super(s, s);
        doc(
                "Multiply-accumulate: %d x %d results, %d INT8 activations per row and %d-bit digits of every column's weights per cycle."
                        .formatted(s.m(), s.n(), s.step(), s.planes()));
        int depth = depth(s);
        var params = new DigitColumn.Params(s.step(), s.planes());
        var sums = new ArrayList<SlotSum>();
        List<SInt> activationSums = new ArrayList<>();
        var line = reg(bits(s.activationBits()));
        var lineLater = reg(bits(s.activationBits()));
        line.set(activations);
        lineLater.set(line);
        for (int m = 0; m < s.m(); m++) {
            var row = line.bits((m + 1) * rowBits() - 1, m * rowBits());
            var rowLater = lineLater.bits((m + 1) * rowBits() - 1, m * rowBits());
            for (int n = 0; n < s.n(); n++) {
                var column = new DigitColumn(params);
                column.activations.set(row);
                column.activationsLater.set(rowLater);
                column.digits.set(weights.bits((n + 1) * s.columnBits() - 1, n * s.columnBits()));
                sums.add(new SlotSum(column.sum, column.carry));
            }
            if (s.passes() > 1) {
                var all = new LineSum(new LineSum.Params(s.step(), depth - 1));
                all.activations.set(row);
                activationSums.add(all.sum);
            }
        }
        complete(depth, sums, Codes.DIGITS, activationSums);
    }

    private static int depth(MatrixShape s) {
        return 1 + BoothTree.stages(s.step(), s.planes());
    }

    static int cycles(MatrixShape s, boolean scaled) {
        return latency(depth(s), scaled);
    }

    /** The products of a column. */
    private static final class DigitColumn extends Pipelined {

        record Params(int lanes, int digitBits) {}

        final Bits activations;
        final Bits activationsLater;
        final Bits digits;
        final SInt sum;
        final Bool carry = out(bool());

        DigitColumn(Params p) {
            super(p);
            doc("Sum of %d products of INT8 and %d bits. Digits come a cycle before the activations."
                    .formatted(p.lanes(), p.digitBits()));
            activations = in(bits(8 * p.lanes()));
            activationsLater = in(bits(8 * p.lanes()));
            digits = in(bits(p.digitBits() * p.lanes()));
            var weights = registered(digits);
            var weightsLater = registered(weights);
            var total = BoothTree.sum(
                    p.digitBits(), activations, activationsLater, weights, weightsLater, this::registered);
            sum = out(sint(total.value().width()));
            sum.set(total.value());
            carry.set(total.carry());
        }
    }
}
