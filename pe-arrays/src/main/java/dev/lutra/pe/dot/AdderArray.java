// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import java.util.ArrayList;
import java.util.stream.IntStream;

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

    /** What is added. */
    public enum Kind {
        /** Activations, by the signs of a plane. */
        WHOLE,
        /**
         * The same without their bits 0: whether sums are odd does not depend on signs, so that columns share it ({@link Parity}). It takes less
         * where registers come with LUTs.
         */
        HALVES,
        /** Activations of ternary weights in one slot. */
        TERNARY
    }

    /**
     * Shape.
     *
     * @param n columns
     * @param lanes +-1 products per column and cycle
     * @param sumBits width of sums
     * @param kind of the adders
     */
    public record Params(int n, int lanes, int sumBits, Kind kind) {
        /** Adders for planes. */
        public Params(int n, int lanes, int sumBits) {
            this(n, lanes, sumBits, Kind.WHOLE);
        }

        public Params {
            check(n, lanes, sumBits, 8 + 32 - Integer.numberOfLeadingZeros(lanes));
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return stages() + 1;
        }

        private int stages() {
            return kind == Kind.HALVES
                    ? new HalvesColumn.Params(lanes, sumBits).stages()
                    : new AdderColumn.Params(lanes, sumBits, kind == Kind.TERNARY).stages();
        }

        /** Slots of a product, the padding of its last slot counted: nothing is lost between blocks. */
        public long cycles(int planes, int k, int columnBlocks) {
            return (long) columnBlocks * planes * (k / lanes + 1);
        }
    }

    /** An array. */
    public AdderArray(Params p) {
        super(p, p.n(), p.lanes(), 8, p.kind() == Kind.TERNARY ? 2 * p.lanes() : p.lanes(), p.sumBits());
        doc("Bit-serial adders: %d columns of %d lanes. Results come %d cycles after a slot."
                .formatted(p.n(), p.lanes(), p.latency()));
        var line = registered(activations);
        var starts = starts(p.stages());
        var enable = delayed(valid, p.stages());
        if (p.kind() == Kind.HALVES) {
            halves(p, line, starts, enable);
        } else {
            var params = new AdderColumn.Params(p.lanes(), p.sumBits(), p.kind() == Kind.TERNARY);
            for (int i = 0; i < p.n(); i++) {
                var column = new AdderColumn(params);
                column.activations.set(line);
                column.codes.set(codes(i));
                column.keep.set(starts.keep());
                column.low.set(starts.low());
                column.enable.set(enable);
                results.get(i).set(column.sum);
            }
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }

    private void halves(Params p, Bits line, Starts starts, Bool enable) {
        var parity = Parity.of(IntStream.range(0, p.lanes())
                .mapToObj(k -> activations.bit(8 * k))
                .toList());
        var preset = registered(parity.preset());
        var odd = parity.odd();
        for (int i = 0; i < p.stages(); i++) odd = registered(odd);
        var upper = new ArrayList<Data>();
        for (int k = p.lanes() - 1; k >= 0; k--) upper.add(line.bits(8 * k + 7, 8 * k + 1));
        var later = registered(cat(upper));
        for (int i = 0; i < p.n(); i++) {
            var column = new HalvesColumn(new HalvesColumn.Params(p.lanes(), p.sumBits()));
            column.activations.set(later);
            column.codes.set(codes(i));
            column.clear.set(parity.clear());
            column.preset.set(preset);
            column.odd.set(odd);
            column.keep.set(starts.keep());
            column.low.set(starts.low());
            column.enable.set(enable);
            results.get(i).set(column.sum);
        }
    }
}
