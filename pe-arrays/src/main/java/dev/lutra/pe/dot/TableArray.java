// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Table lookup with tables in registers, new ones in every slot: T tables of G activations, read by all columns of a unit; every unit makes
 * its own.
 *
 * <p>Code of table t: bits {@code G t + G - 1 .. G t} of a column's codes. {@link TableKind#FULL} takes the plane's bits and adds the
 * activations whose bit is 1. {@link TableKind#SYMMETRIC} takes the plane's bits, for +1 and -1. {@link TableKind#MAPPED} takes codes as
 * {@link StationaryArray} has them, where "the tile before" is the slot before. {@link TableKind#TERNARY} takes such codes too, of 5 bits for
 * three weights, and one slot for all of a weight; its results are twice the product, as those of two planes are.
 */
public final class TableArray extends BitSerial {

    /**
     * Shape.
     *
     * @param kind of the tables
     * @param n columns
     * @param g activations per table, 2..6
     * @param t tables
     * @param unit columns that share a precompute unit; n: all
     * @param sumBits width of sums
     * @param activationBits of activations, whose magnitudes are less than 2^(activationBits-1)
     */
    public record Params(TableKind kind, int n, int g, int t, int unit, int sumBits, int activationBits) {
        /** Tables of INT8 activations. */
        public Params(TableKind kind, int n, int g, int t, int unit, int sumBits) {
            this(kind, n, g, t, unit, sumBits, 8);
        }

        public Params {
            if (g < 2 || g > 6) throw new IllegalArgumentException("activations per table must be 2..6, not " + g);
            if (kind == TableKind.TERNARY && g != TernaryTable.G)
                throw new IllegalArgumentException("a ternary code covers 3 activations, not " + g);
            if (t < 2) throw new IllegalArgumentException("tables per accumulator must be 2 or more, not " + t);
            if (unit < 1 || n % unit != 0)
                throw new IllegalArgumentException(n + " columns are no multiple of a unit of " + unit);
            if (activationBits < 2 || activationBits > 48)
                throw new IllegalArgumentException("activations of " + activationBits + " bits: 2..48");
            check(n, g * t, sumBits, activationBits + 1 + 32 - Integer.numberOfLeadingZeros(g * t));
        }

        private TableColumn.Params column() {
            return new TableColumn.Params(new TableRegisters.Params(kind, g, activationBits), t, sumBits);
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return column().stages() + 1;
        }

        /** Slots of a product; where signs are mapped, the padding of its last slot counted. Ternary codes take one plane. */
        public long cycles(int planes, int k, int columnBlocks) {
            int lanes = g * t;
            int padding = kind == TableKind.MAPPED ? 1 : kind == TableKind.TERNARY ? TernaryTable.G : 0;
            int slots = (k + padding + lanes - 1) / lanes;
            return (long) columnBlocks * (kind == TableKind.TERNARY ? 1 : planes) * slots;
        }
    }

    /** An array. */
    public TableArray(Params p) {
        super(p, p.n(), p.g() * p.t(), p.activationBits(), p.kind().codeBits(p.g()) * p.t(), p.sumBits());
        int width = p.activationBits();
        doc(
                "Table lookup, tables in registers (%s): %d columns, %d tables of %d activations. Results come %d cycles after a slot."
                        .formatted(p.kind(), p.n(), p.t(), p.g(), p.latency()));
        var params = p.column();
        var starts = starts(params.stages());
        var enable = delayed(valid, params.stages());
        for (int unit = 0; unit < p.n() / p.unit(); unit++) {
            var tables = new ArrayList<TableRegisters>();
            for (int t = 0; t < p.t(); t++) {
                var table = new TableRegisters(params.table());
                table.activations.set(activations.bits(width * p.g() * (t + 1) - 1, width * p.g() * t));
                tables.add(table);
            }
            var clear = new ArrayList<Data>(List.of(lit(false)));
            var preset = new ArrayList<Data>(List.of(lit(false)));
            var whole = tables.get(0).oddEarly;
            for (int t = 1; t < p.t(); t++) {
                int half = Integer.lowestOneBit(t);
                var left = tables.get(t - half).oddEarly;
                for (int i = t - half + 1; i < t; i++) left = left.xor(tables.get(i).oddEarly);
                var right = tables.get(t).oddEarly;
                for (int i = t + 1; i < Math.min(p.t(), t + half); i++) right = right.xor(tables.get(i).oddEarly);
                clear.add(right.andNot(left));
                preset.add(registered(right.and(left)));
                whole = whole.xor(tables.get(t).oddEarly);
            }
            if (p.kind() != TableKind.MAPPED) {
                // Values are whole, and carries are those of subtractions.
                clear.replaceAll(bit -> lit(false));
                preset.replaceAll(bit -> lit(false));
                whole = lit(false);
            }
            Collections.reverse(clear);
            Collections.reverse(preset);
            var treeOdd = whole;
            for (int i = 1; i < params.stages(); i++) treeOdd = registered(treeOdd);
            for (int i = 0; i < p.unit(); i++) {
                var column = new TableColumn(params);
                for (int t = 0; t < p.t(); t++) {
                    for (int e = 0; e < params.table().entries(); e++) {
                        column.entries
                                .get(t * params.table().entries() + e)
                                .set(tables.get(t).entries.get(e));
                    }
                }
                column.codes.set(codes(unit * p.unit() + i));
                column.clear.set(Hdl.cat(clear));
                column.preset.set(Hdl.cat(preset));
                column.treeOdd.set(treeOdd);
                column.keep.set(starts.keep());
                column.low.set(starts.low());
                column.enable.set(enable);
                results.get(unit * p.unit() + i).set(column.sum);
            }
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }
}
