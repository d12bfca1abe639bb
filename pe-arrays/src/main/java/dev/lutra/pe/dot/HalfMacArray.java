// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.Collections;

/**
 * Multiply-accumulate of FP16 activations and weights of any width, dequantised to FP16: the rival of FP16 table lookup. {@link FusedDot} has every step; operands
 * are finite. In a slot each column takes a weight of 16 bits for every lane.
 */
public final class HalfMacArray extends Pipelined {

    /**
     * Shape.
     *
     * @param n columns
     * @param lanes products per column and cycle
     * @param carrySave products are made by carry-save adders, best in standard cells, rather than by carry chains
     */
    public record Params(int n, int lanes, boolean carrySave) {
        public Params {
            OutputStationary.check(n, lanes, 64, 0);
        }

        /** Cycles from a slot to its results. */
        public int latency() {
            return new HalfMacColumn.Params(lanes, carrySave).stages() + 1;
        }

        /** Slots of a product. */
        public long cycles(int k, int columnBlocks) {
            return (long) columnBlocks * ((k + lanes - 1) / lanes);
        }
    }

    /** The cycle is a slot. */
    public final Bool valid = in(bool());

    /** Slot: sums start. */
    public final Bool first = in(bool());

    /** Slot: sums are complete after it. */
    public final Bool last = in(bool());

    /** Slot: binary16 activations, that of lane k at bit 16 k. */
    public final Bits activations;

    /** Slot: binary16 weights, lane k of column n at bit 16 (n lanes + k). */
    public final Bits codes;

    /** New results, for one cycle. */
    public final Bool resultValid = out(bool());

    /** Binary32 sums. */
    public final Vec<Bits> results;

    /** An array. */
    public HalfMacArray(Params p) {
        super(p);
        doc("FP16 multiply-accumulate: %d columns of %d lanes, binary32 sums. Results come %d cycles after a slot."
                .formatted(p.n(), p.lanes(), p.latency()));
        activations = in(bits(16 * p.lanes()));
        codes = in(bits(16 * p.lanes() * p.n()));
        results = out(vec(p.n(), i -> bits(32)));
        var params = new HalfMacColumn.Params(p.lanes(), p.carrySave());
        var once = new ArrayList<UInt>();
        var thrice = new ArrayList<UInt>();
        var exponents = new ArrayList<UInt>();
        var signs = new ArrayList<Bool>();
        for (int k = 0; k < p.lanes(); k++) {
            var half = activations.bits(16 * k + 15, 16 * k);
            var field = half.bits(14, 10);
            var normal = field.orR();
            var significand = cat(normal, half.bits(9, 0)).asUInt();
            once.add(registered(significand));
            thrice.add(registered(significand.add(significand.shl(1)).truncate(13)));
            exponents.add(registered(
                    cat(field.bits(4, 1), field.bit(0).or(normal.not())).asUInt()));
            signs.add(registered(half.bit(15)));
        }
        Collections.reverse(signs);
        var firstSum = delayed(first, params.stages());
        var enable = delayed(valid, params.stages());
        for (int i = 0; i < p.n(); i++) {
            var column = new HalfMacColumn(params);
            for (int k = 0; k < p.lanes(); k++) {
                column.once.get(k).set(once.get(k));
                column.thrice.get(k).set(thrice.get(k));
                column.exponents.get(k).set(exponents.get(k));
            }
            column.signs.set(Hdl.cat(signs));
            column.codes.set(codes.bits(16 * p.lanes() * (i + 1) - 1, 16 * p.lanes() * i));
            column.first.set(firstSum);
            column.enable.set(enable);
            results.get(i).set(column.sum);
        }
        resultValid.set(delayed(valid.and(last), p.latency()));
    }
}
