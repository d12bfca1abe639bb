// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;

/**
 * Multiply-accumulate specialised to weights of W = 2..8 bits, two's complement: radix-4 Booth digits choose 0, +-a or +-2a,
 * adders of its own add the lanes of each digit up, and the digits' sums are joined by their weights ({@link BoothTree}). No product is ever formed by itself, and the negation of
 * a row is its complement and a carry that some adder takes.
 */
final class MacColumn extends Pipelined {

    record Params(int lanes, int weightBits, int sumBits, int chain) {
        /** Cycles from the codes to the accumulator's addition. */
        int stages() {
            return 1 + BoothTree.stages(lanes, weightBits, chain);
        }
    }

    /** With the registered codes, and later. */
    final Vec<Bits> activations;

    final Bits codes;
    final Bool first = in(bool());
    final Bool enable = in(bool());
    final SInt sum;

    MacColumn(Params p) {
        super(p);
        doc("Multiply-accumulate of %d lanes of INT8 and %d-bit weights.".formatted(p.lanes(), p.weightBits()));
        activations = in(vec(BoothTree.copies(p.chain()), i -> bits(8 * p.lanes())));
        codes = in(bits(p.weightBits() * p.lanes()));
        sum = out(sint(p.sumBits()));
        var weights = new ArrayList<>(List.of(registered(codes)));
        while (weights.size() < activations.size()) weights.add(registered(weights.get(weights.size() - 1)));

        var total = BoothTree.digits(p.weightBits()) <= 2 || p.weightBits() % 2 == 1
                ? BoothTree.sum(p.weightBits(), p.chain(), activations.asList(), weights, this::registered)
                : digits(p, weights);
        var acc = reg(sint(p.sumBits()));
        var base = mux(first, 0, acc);
        var next = Adders.wrapAdd(fitted(total.value(), p.sumBits()), base, total.carry());
        when(enable, () -> acc.set(next));
        sum.set(acc);
    }

    /** A module for each digit. */
    private Row digits(Params p, List<Bits> weights) {
        var trees = new ArrayList<Row>();
        for (int d = 0; d < BoothTree.digits(p.weightBits()); d++) {
            var params = new BoothDigit.Params(p.lanes(), p.chain(), d == 0);
            var digit = new BoothDigit(params);
            for (int late = 0; late < weights.size(); late++) {
                var parts = new ArrayList<Data>();
                for (int k = p.lanes() - 1; k >= 0; k--) {
                    int low = p.weightBits() * k + 2 * d;
                    parts.add(weights.get(late).bits(low + 1, low));
                    if (d > 0) parts.add(cat(weights.get(late).bit(low - 1), lit(false)));
                }
                digit.activations.get(late).set(activations.get(late));
                digit.weights.get(late).set(cat(parts));
            }
            trees.add(new Row(digit.sum, digit.carry));
        }
        return BoothTree.joined(trees, this::registered);
    }

    private static SInt fitted(SInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }
}
