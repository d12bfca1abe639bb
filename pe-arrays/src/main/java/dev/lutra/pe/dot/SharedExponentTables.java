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

/**
 * Table lookup of FP16 activations, tables in registers: activations are aligned once to the exponent of their block, a {@link TableArray} does the rest
 * with integers, and each column's result is normalised. {@link SharedExponent} has every step.
 *
 * <p>Slots are those of the {@link TableArray}; their activations and exponent come {@link #EARLY} cycles before them. A block's exponent is found by a scan
 * that runs ahead, of the next block beside the slots of this one.
 */
public final class SharedExponentTables extends Pipelined {

    /** Cycles by which activations come before their slots. */
    public static final int EARLY = ActivationAligner.STAGES;

    static final int ROUNDING = 2;

    /** @param tables whose activations, of 12 bits or more, are the aligned ones; results are binary32 */
    public record Params(TableArray.Params tables) {
        /** The arithmetic. */
        public SharedExponent arithmetic() {
            return new SharedExponent(tables.activationBits());
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return tables.latency() + ROUNDING;
        }

        /** Cycles from the last activations of a scan to their exponent. */
        public int scanLatency() {
            return new ExponentScan.Params(tables.g() * tables.t()).latency();
        }

        /** Slots of a product. */
        public long cycles(int planes, int k, int columnBlocks) {
            return tables.cycles(planes, k, columnBlocks);
        }
    }

    /** Activations of a block pass to find its exponent. */
    public final Bool scan = in(bool());

    /** The first ones of a block. */
    public final Bool scanFirst = in(bool());

    /** Binary16 numbers to scan. */
    public final Bits scanned;

    /** Exponent of the block that was scanned. */
    public final UInt scannedExponent = out(uint(5));

    /** Binary16 activations of the slot {@link #EARLY} cycles later, that of lane k at bit 16 k. */
    public final Bits activations;

    /** Exponent of their block. */
    public final UInt exponent = in(uint(5));

    /** As in {@link TableArray}. */
    public final Bool valid = in(bool());

    public final Bool first = in(bool());
    public final Bool last = in(bool());
    public final Bool twice = in(bool());

    /** In units of aligned activations. */
    public final SInt initial;

    public final Bits codes;

    /** New results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** An activation of the block was infinite or a NaN. */
    public final Bool resultInvalid = out(bool());

    /** Binary32 numbers. */
    public final Vec<Bits> results;

    /** An array. */
    public SharedExponentTables(Params p) {
        super(p);
        var t = p.tables();
        int lanes = t.g() * t.t();
        doc(
                "Table lookup of FP16 activations with a shared exponent: %d columns, %d tables of %d activations of %d bits. Results come %d cycles after a slot."
                        .formatted(t.n(), t.t(), t.g(), t.activationBits(), p.latency()));
        scanned = in(bits(16 * lanes));
        activations = in(bits(16 * lanes));
        var array = new TableArray(t);
        initial = in(sint(t.sumBits()));
        codes = in(bits(array.codes.width()));
        results = out(vec(t.n(), i -> bits(32)));

        var scanner = new ExponentScan(new ExponentScan.Params(lanes));
        scanner.valid.set(scan);
        scanner.first.set(scanFirst);
        scanner.activations.set(scanned);
        scannedExponent.set(scanner.exponent);

        array.activations.set(ActivationAligner.all(activations, exponent, t.activationBits()));
        array.valid.set(valid);
        array.first.set(first);
        array.last.set(last);
        array.twice.set(twice);
        array.initial.set(initial);
        array.codes.set(codes);

        var blockExponent = exponent;
        for (int i = 0; i < EARLY + t.latency(); i++) blockExponent = registered(blockExponent);
        resultValid.set(delayed(array.resultValid, ROUNDING));
        resultInvalid.set(registered(registered(blockExponent.eq(SharedExponent.INVALID))));
        var scale = scale(blockExponent, t.activationBits());
        for (int n = 0; n < t.n(); n++) {
            var normaliser = new IntegerToFloat(normaliser(t.sumBits()));
            normaliser.a.set(array.results.get(n));
            normaliser.scale.set(scale);
            results.get(n).set(normaliser.result);
        }
    }

    /** What makes results. */
    static IntegerToFloat.Params normaliser(int sumBits) {
        return new IntegerToFloat.Params(sumBits, 7, FloatFormat.BINARY32, ROUNDING);
    }

    /** Power of two that an aligned activation's unit is. */
    static SInt scale(UInt exponent, int bits) {
        return exponent.toSInt().extend(7).wrapSub(Hdl.slit(13 + bits, 7));
    }
}
