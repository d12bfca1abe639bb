// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.IntegerToFloat;
import java.util.ArrayList;

/**
 * Table lookup of FP16 activations, entries rounded to FP16, with floating-point sums: {@link RoundedTable} has every step. Tables stand in registers, new in every slot, made once
 * for all columns: of exact integers, each converted to FP16 once. In a slot each column takes one plane's code for every table.
 *
 * <p>Code of table t: bits {@code G t + G - 1 .. G t} of a column's codes. With s[k] = +-1 for the plane's bit of activation k, bit k &lt; G-1 is
 * {@code s[k] != s[G-1]}; the top bit says that s[G-1] is -1.
 */
public final class HalfTableArray extends Pipelined {

    /** Cycles from activations to the slot whose codes they go with. */
    public static final int EARLY = ActivationAligner.STAGES + 2;

    /** Bits of a binary16 number as a multiple of 2^-24. */
    private static final int FIXED = 41;

    /**
     * Shape.
     *
     * @param n columns
     * @param g activations per table, 2..6
     * @param t tables
     * @param bits of an aligned lookup, 11..24
     */
    public record Params(int n, int g, int t, int bits) {
        public Params {
            if (g < 2 || g > 6) throw new IllegalArgumentException("activations per table must be 2..6, not " + g);
            if (n < 1 || t < 2) throw new IllegalArgumentException("an array of " + n + " columns, " + t + " tables");
            if (bits < 11 || bits > 24)
                throw new IllegalArgumentException("aligned lookups of " + bits + " bits: 11..24");
        }

        private HalfTableColumn.Params column() {
            return new HalfTableColumn.Params(g, t, bits);
        }

        /** The arithmetic. */
        public RoundedTable arithmetic() {
            return new RoundedTable(g, bits);
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return column().stages() + 1;
        }

        /** Slots of a product. */
        public long cycles(int planes, int k, int columnBlocks) {
            return (long) columnBlocks * planes * ((k + g * t - 1) / (g * t));
        }
    }

    /** Finite binary16 activations of the slot {@link #EARLY} cycles later, that of lane k at bit 16 k. */
    public final Bits activations;

    /** The cycle is a slot. */
    public final Bool valid = in(bool());

    /** Slot: sums start from {@link #initial}. */
    public final Bool first = in(bool());

    /** Slot: sums are complete after it. */
    public final Bool last = in(bool());

    /** Slot: plane of the weights, 0 the least significant. */
    public final UInt plane = in(uint(3));

    /** Slot: codes, those of column n at the n-th of N equal parts. */
    public final Bits codes;

    /** With a first slot: a binary32 number. */
    public final Bits initial = in(bits(32));

    /** New results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** Binary32 sums. */
    public final Vec<Bits> results;

    /** An array. */
    public HalfTableArray(Params p) {
        super(p);
        doc(
                "Table lookup of FP16 activations: %d columns, %d tables of %d activations, entries of FP16. Results come %d cycles after a slot."
                        .formatted(p.n(), p.t(), p.g(), p.latency()));
        activations = in(bits(16 * p.g() * p.t()));
        codes = in(bits(p.n() * p.g() * p.t()));
        results = out(vec(p.n(), i -> bits(32)));

        // 30 is the exponent that makes integers of units of 2^-24.
        var fixed = ActivationAligner.all(activations, Hdl.lit(30, 5), FIXED);
        var params = new TableRegisters.Params(TableKind.SYMMETRIC, p.g(), FIXED);
        var entries = new ArrayList<Bits>();
        for (int t = 0; t < p.t(); t++) {
            var table = new TableRegisters(params);
            table.activations.set(fixed.bits(FIXED * p.g() * (t + 1) - 1, FIXED * p.g() * t));
            for (SInt entry : table.entries.asList()) {
                var half =
                        new IntegerToFloat(new IntegerToFloat.Params(params.entryBits(), 7, FloatFormat.BINARY16, 1));
                half.a.set(entry);
                half.scale.set(Hdl.slit(-24, 7));
                entries.add(half.result);
            }
        }
        int stages = p.column().stages();
        var firstSum = delayed(first, stages);
        var enable = delayed(valid, stages);
        var start = initial;
        for (int i = 0; i < stages; i++) start = registered(start);
        var shift = plane;
        for (int i = 0; i < stages - HalfTableColumn.CONVERSION; i++) shift = registered(shift);
        for (int n = 0; n < p.n(); n++) {
            var column = new HalfTableColumn(p.column());
            for (int i = 0; i < entries.size(); i++) column.entries.get(i).set(entries.get(i));
            column.codes.set(codes.bits(p.g() * p.t() * (n + 1) - 1, p.g() * p.t() * n));
            column.plane.set(shift);
            column.first.set(firstSum);
            column.initial.set(start);
            column.enable.set(enable);
            results.get(n).set(column.sum);
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }
}
