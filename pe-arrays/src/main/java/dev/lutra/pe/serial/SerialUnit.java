// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;

/**
 * One processing element with its term generators and its sequencer: takes four activations and four codes, holds them for as many
 * cycles as the type has terms, or as not all of the four are zero, and counts the cycles it waits for the dequantisation of the group before.
 */
final class SerialUnit extends Module {

    /** Four weights are offered; they stay until {@code ready}. */
    final Bool valid = in(bool());

    final Bool groupFirst = in(bool());
    final Bool groupLast = in(bool());
    final Bool rowFirst = in(bool());
    final Bool rowLast = in(bool());
    final Bool isFloat = in(bool());

    /** Terms of the group's type, 2..4. */
    final UInt terms = in(uint(3));

    final SInt special = in(sint(6));
    final UInt scale = in(uint(8));
    final SInt zero = in(sint(8));
    final Bits activations = in(bits(32));

    /** Code of lane k at bit 8 k. */
    final Bits codes = in(bits(32));

    /** The weights' last term is being added. */
    final Bool ready = out(bool());

    final SInt result;
    final Bool resultValid = out(bool());

    /** Cycles in which the lanes waited since reset. */
    final UInt stalls = out(uint(16));

    /** @param earlyTermination pass over terms that are zero in all lanes */
    record Params(SerialPe.Params pe, boolean earlyTermination) {}

    SerialUnit(Params params) {
        super(params);
        doc("Term-serial processing element with term generators and sequencer; counts the cycles its lanes wait.");
        var p = params.pe();
        result = out(sint(p.outerBits()));
        var sequencer = new TermSequencer(new TermSequencer.Params(params.earlyTermination()));
        sequencer.valid.set(valid);
        sequencer.groupLast.set(groupLast);
        sequencer.isFloat.set(isFloat);
        sequencer.terms.set(terms);
        sequencer.codes.set(codes);
        sequencer.special.set(special.asBits());
        var index = sequencer.index;
        ready.set(sequencer.ready);
        stalls.set(sequencer.stalls);

        var pe = new SerialPe(p);
        var negative = new ArrayList<Bool>();
        var one = new ArrayList<Bool>();
        var exponents = new ArrayList<UInt>();
        for (int k = SerialCycles.LANES - 1; k >= 0; k--) {
            var generator = new TermGenerator();
            generator.code.set(codes.bits(8 * k + 7, 8 * k).asSInt());
            generator.isFloat.set(isFloat);
            generator.special.set(special);
            generator.index.set(index);
            negative.add(generator.negative);
            one.add(generator.one);
            exponents.add(generator.exponent);
        }
        pe.negative.set(Hdl.cat(negative));
        pe.one.set(Hdl.cat(one));
        pe.exponents.set(Hdl.cat(exponents));
        pe.activations.set(activations);
        pe.shift.set(mux(isFloat, mux(index.eq(0), lit(1, 3), lit(0, 3)), index.shl(1)));
        pe.valid.set(sequencer.goes);
        pe.groupFirst.set(groupFirst.and(sequencer.first));
        pe.groupLast.set(sequencer.ends);
        pe.rowFirst.set(rowFirst);
        pe.rowLast.set(rowLast);
        pe.scale.set(scale);
        pe.zero.set(zero);
        pe.quadFirst.set(sequencer.first);
        result.set(pe.result);
        resultValid.set(pe.resultValid);
    }
}
