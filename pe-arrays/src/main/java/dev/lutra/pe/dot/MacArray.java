// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

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
     */
    public record Params(int n, int lanes, int weightBits, int sumBits) {
        public Params {
            if (weightBits < 2 || weightBits > 8)
                throw new IllegalArgumentException(
                        "weights of " + weightBits + " bits: 2..8 (of one bit, +-1, is AdderArray)");
            check(n, lanes, sumBits, 7 + weightBits + 32 - Integer.numberOfLeadingZeros(lanes));
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return new MacColumn.Params(lanes, weightBits, sumBits).stages() + 1;
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
        var params = new MacColumn.Params(p.lanes(), p.weightBits(), p.sumBits());
        var line = registered(activations);
        var lineLater = registered(line);
        var firstSum = delayed(first, params.stages());
        var enable = delayed(valid, params.stages());
        for (int i = 0; i < p.n(); i++) {
            var column = new MacColumn(params);
            column.activations.set(line);
            column.activationsLater.set(lineLater);
            column.codes.set(codes(i));
            column.first.set(firstSum);
            column.enable.set(enable);
            results.get(i).set(column.sum);
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }
}
