// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

/**
 * Bit-serial adders without tables: in a slot each column takes one plane's bit for every lane, +1 or -1, and adds or subtracts the
 * activations. With one plane it is the multiply-accumulate of weights +-1. Planes come most significant first.
 *
 * <p>Bit k of a code says whether lane k's sign is not that of lane {@code k & k - 1}; bit 0, whether lane 0's sign is not that of
 * the slot before (+1 before the first one). The last slot of each plane must have +1 there: its activation 0 is padding.
 *
 * <p>Ternary weights take one slot: a code has a second part, whose bit k says whether the weight of lane k is 0.
 */
public final class AdderArray extends BitSerial {

    /**
     * Shape.
     *
     * @param n columns
     * @param lanes +-1 products per column and cycle
     * @param sumBits width of sums
     * @param ternary weights are -1, 0 and +1, in one slot
     */
    public record Params(int n, int lanes, int sumBits, boolean ternary) {
        /** Adders for planes. */
        public Params(int n, int lanes, int sumBits) {
            this(n, lanes, sumBits, false);
        }

        public Params {
            check(n, lanes, sumBits, 8 + 32 - Integer.numberOfLeadingZeros(lanes));
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return new AdderColumn.Params(lanes, sumBits, ternary).stages() + 1;
        }

        /** Slots of a product, the padding of its last slot counted: nothing is lost between blocks. */
        public long cycles(int planes, int k, int columnBlocks) {
            return (long) columnBlocks * planes * (k / lanes + 1);
        }
    }

    /** An array. */
    public AdderArray(Params p) {
        super(p, p.n(), p.lanes(), 8, p.ternary() ? 2 * p.lanes() : p.lanes(), p.sumBits());
        doc("Bit-serial adders: %d columns of %d lanes. Results come %d cycles after a slot."
                .formatted(p.n(), p.lanes(), p.latency()));
        var params = new AdderColumn.Params(p.lanes(), p.sumBits(), p.ternary());
        var line = registered(activations);
        var starts = starts(params.stages());
        var enable = delayed(valid, params.stages());
        for (int i = 0; i < p.n(); i++) {
            var column = new AdderColumn(params);
            column.activations.set(line);
            column.codes.set(codes(i));
            column.keep.set(starts.keep());
            column.low.set(starts.low());
            column.enable.set(enable);
            results.get(i).set(column.sum);
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }
}
