// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import java.util.ArrayList;
import java.util.List;

/**
 * Multiply-accumulate specialised to the weights' width: in a slot each column takes a weight of W bits, two's complement, for every lane,
 * that of lane k at bit W k of its codes. With W = 8 it is INT8 x INT8.
 */
public final class MacArray extends OutputStationary {

    /**
     * Shape.
     *
     * @param n columns
     * @param lanes products per column and cycle
     * @param weightBits 2..8
     * @param sumBits width of sums
     * @param chain lanes that are added to one sum before a tree adds up these sums: 2, or more for LUTs of six inputs ({@link BoothTree})
     */
    public record Params(int n, int lanes, int weightBits, int sumBits, int chain) {
        /** A tree of lanes. */
        public Params(int n, int lanes, int weightBits, int sumBits) {
            this(n, lanes, weightBits, sumBits, 2);
        }

        public Params {
            if (weightBits < 2 || weightBits > 8)
                throw new IllegalArgumentException(
                        "weights of " + weightBits + " bits: 2..8 (of one bit, +-1, is AdderArray)");
            if (chain < 2) throw new IllegalArgumentException("chains of " + chain + " lanes: 2 or more");
            check(n, lanes, sumBits, 7 + weightBits + 32 - Integer.numberOfLeadingZeros(lanes));
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return column().stages() + 1;
        }

        private MacColumn.Params column() {
            return new MacColumn.Params(lanes, weightBits, sumBits, chain);
        }

        /** Slots of a product: nothing is lost between blocks. */
        public long cycles(int k, int columnBlocks) {
            return (long) columnBlocks * ((k + lanes - 1) / lanes);
        }
    }

    /** An array. */
    public MacArray(Params p) {
        super(p, p.n(), p.lanes(), 8, p.lanes() * p.weightBits(), p.sumBits());
        doc("Multiply-accumulate: %d columns of %d lanes, INT8 times %d bits. Results come %d cycles after a slot."
                .formatted(p.n(), p.lanes(), p.weightBits(), p.latency()));
        var params = p.column();
        var lines = new ArrayList<>(List.of(registered(activations)));
        while (lines.size() < BoothTree.copies(p.chain())) lines.add(registered(lines.get(lines.size() - 1)));
        var firstSum = delayed(first, params.stages());
        var enable = delayed(valid, params.stages());
        for (int i = 0; i < p.n(); i++) {
            var column = new MacColumn(params);
            for (int late = 0; late < lines.size(); late++)
                column.activations.get(late).set(lines.get(late));
            column.codes.set(codes(i));
            column.first.set(firstSum);
            column.enable.set(enable);
            results.get(i).set(column.sum);
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }
}
