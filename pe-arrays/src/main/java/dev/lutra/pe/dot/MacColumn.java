// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;

/**
 * Multiply-accumulate specialised to weights of W = 2..8 bits, two's complement: radix-4 Booth digits choose 0, +-a or +-2a, one tree of
 * adders per digit adds the lanes up, and the trees' sums are joined by their weights. No product is ever formed by itself, and the negation of
 * a row is its complement and a carry that some adder takes.
 */
final class MacColumn extends Pipelined {

    record Params(int lanes, int weightBits, int sumBits) {
        /** Cycles from the codes to the accumulator's addition. */
        int stages() {
            return 1 + BoothTree.stages(lanes, weightBits);
        }
    }

    final Bits activations;
    final Bits activationsLater;
    final Bits codes;
    final Bool first = in(bool());
    final Bool enable = in(bool());
    final SInt sum;

    MacColumn(Params p) {
        super(p);
        doc("Multiply-accumulate of %d lanes of INT8 and %d-bit weights.".formatted(p.lanes(), p.weightBits()));
        activations = in(bits(8 * p.lanes()));
        activationsLater = in(bits(8 * p.lanes()));
        codes = in(bits(p.weightBits() * p.lanes()));
        sum = out(sint(p.sumBits()));
        var weights = registered(codes);
        var weightsLater = registered(weights);

        var total =
                BoothTree.sum(p.weightBits(), activations, activationsLater, weights, weightsLater, this::registered);
        var acc = reg(sint(p.sumBits()));
        var base = mux(first, 0, acc);
        var next = Adders.wrapAdd(fitted(total.value(), p.sumBits()), base, total.carry());
        when(enable, () -> acc.set(next));
        sum.set(acc);
    }

    private static SInt fitted(SInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }
}
