// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;

/**
 * Picks a block's activation for one DSP block, a cycle later: the low log2 M bits of its number are the stored index, those above are
 * the DSP's place among the row's. FlightLLM's sparse multiplexer (section 4), with M at run time.
 */
final class SparseMux extends Pipelined {

    /**
     * Shape.
     *
     * @param block activations to pick from, a power of two
     * @param rows rows of activations, of which the same one is picked
     * @param operandBits of an activation
     */
    record Params(int block, int rows, int operandBits) {}

    /** Row i, element k at bit k of operands. */
    final Vec<Bits> activations;

    final Bits index;

    /** The DSP's group, a constant. */
    final UInt group;

    /** log2 M and log2 of M/N. */
    final UInt logM = in(uint(3));

    final UInt logRatio = in(uint(3));
    final Vec<SInt> picked;

    SparseMux(Params p) {
        super(p);
        int bits = Math.max(1, Integer.numberOfTrailingZeros(p.block()));
        doc("Picks one of %d activations by a stored index below and a place above.".formatted(p.block()));
        activations = in(vec(p.rows(), i -> bits(p.block() * p.operandBits())));
        index = in(bits(bits));
        group = in(uint(bits));
        picked = out(vec(p.rows(), i -> sint(p.operandBits())));
        // Place q of the row's among 16 N/M, of which N stand for M activations: q's bits from log2 N on go to log2 M.
        var number = new ArrayList<Data>();
        for (int i = bits - 1; i >= 0; i--) {
            Bool place = Hdl.lit(false);
            for (int ratio = 0; ratio <= i; ratio++) {
                place = place.or(logRatio.eq(ratio).and(group.bit(i - ratio)));
            }
            number.add(mux(logM.gt(i), index.bit(i), place));
        }
        UInt at = cat(number).asUInt();
        for (int row = 0; row < p.rows(); row++) {
            var elements = new ArrayList<SInt>();
            for (int k = 0; k < p.block(); k++) {
                elements.add(activations
                        .get(row)
                        .bits((k + 1) * p.operandBits() - 1, k * p.operandBits())
                        .asSInt());
            }
            picked.get(row).set(registered(p.block() == 1 ? elements.get(0) : select(at, elements)));
        }
    }
}
