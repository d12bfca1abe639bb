// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.fp.IntegerToFloat;

/**
 * Table lookup of FP16 activations, tables in distributed RAM that stay while the columns move: a {@link StationaryArray} behind aligners
 * and in front of normalisers. {@link SharedExponent} has every step; a block is a row.
 *
 * <p>Loads and slots are those of the {@link StationaryArray}, a load taking {@link ActivationAligner#STAGES} cycles more. All loads of a row give its exponent,
 * which a scan finds ahead.
 */
public final class SharedExponentStationary extends Pipelined {

    /** @param array whose activations, of 12 bits or more, are the aligned ones; results are binary32 */
    public record Params(StationaryArray.Params array) {
        /** The arithmetic. */
        public SharedExponent arithmetic() {
            return new SharedExponent(array.activationBits());
        }

        /** Cycles from a load to the first slot that may use it. */
        public int loadCycles() {
            return array.loadCycles() + ActivationAligner.STAGES;
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return array.latency() + SharedExponentTables.ROUNDING;
        }

        /** Cycles from the last activations of a scan to their exponent. */
        public int scanLatency() {
            return new ExponentScan.Params(array.g() * array.t()).latency();
        }

        /** As {@link StationaryArray.Params#cycles}. */
        public long cycles(int planes, int tiles, int columnBlocks) {
            long others = (long) planes * tiles - 1;
            return loadCycles() + others * Math.max(columnBlocks, loadCycles()) + columnBlocks;
        }
    }

    /** Activations of a row pass to find its exponent. */
    public final Bool scan = in(bool());

    /** The first ones of a row. */
    public final Bool scanFirst = in(bool());

    /** Binary16 numbers to scan. */
    public final Bits scanned;

    /** Exponent of the row that was scanned. */
    public final UInt scannedExponent = out(uint(5));

    /** {@link #activations} are those of the next tile. */
    public final Bool load = in(bool());

    /** T G binary16 activations, element k of table t at bit 16 (G t + k). */
    public final Bits activations;

    /** With a load: the exponent of its row. */
    public final UInt exponent = in(uint(5));

    /** Slot. */
    public final StationaryArray.Control control;

    /** Codes of the slot. */
    public final Bits codes;

    /** Start of the sums, in units of aligned activations. */
    public final SInt initial;

    /** Results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** An activation of the row was infinite or a NaN. */
    public final Bool resultInvalid = out(bool());

    /** Binary32 numbers. */
    public final Vec<Bits> results;

    /** An array. */
    public SharedExponentStationary(Params p) {
        super(p);
        var s = p.array();
        int lanes = s.g() * s.t();
        doc(
                "Table lookup of FP16 activations with a shared exponent, tables in distributed RAM: %d columns, %d tables of %d activations of %d bits. Results come %d cycles after a slot."
                        .formatted(s.n(), s.t(), s.g(), s.activationBits(), p.latency()));
        scanned = in(bits(16 * lanes));
        activations = in(bits(16 * lanes));
        var array = new StationaryArray(s);
        control = in(like(array.control));
        codes = in(bits(array.codes.width()));
        initial = in(sint(s.sumBits()));
        results = out(vec(s.n(), i -> bits(32)));

        var scanner = new ExponentScan(new ExponentScan.Params(lanes));
        scanner.valid.set(scan);
        scanner.first.set(scanFirst);
        scanner.activations.set(scanned);
        scannedExponent.set(scanner.exponent);

        array.load.set(delayed(load, ActivationAligner.STAGES));
        array.activations.set(ActivationAligner.all(activations, exponent, s.activationBits()));
        array.control.set(control);
        array.codes.set(codes);
        array.initial.set(initial);

        var next = reg(uint(5));
        var current = reg(uint(5));
        when(load, () -> next.set(exponent));
        when(control.valid.and(control.tileFirst), () -> current.set(next));
        var rowExponent = current;
        for (int i = 1; i < s.latency(); i++) rowExponent = registered(rowExponent);
        resultValid.set(delayed(array.resultValid, SharedExponentTables.ROUNDING));
        resultInvalid.set(registered(registered(rowExponent.eq(SharedExponent.INVALID))));
        var scale = SharedExponentTables.scale(rowExponent, s.activationBits());
        for (int n = 0; n < s.n(); n++) {
            var normaliser = new IntegerToFloat(SharedExponentTables.normaliser(s.sumBits()));
            normaliser.a.set(array.results.get(n));
            normaliser.scale.set(scale);
            results.get(n).set(normaliser.result);
        }
    }
}
