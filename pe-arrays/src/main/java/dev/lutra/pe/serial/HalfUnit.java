// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;

/** One {@link HalfPe} with term generators, sequencer and accumulator: as {@link SerialUnit}, for FP16 activations. */
final class HalfUnit extends Module {

    /** @param earlyTermination pass over terms that are zero in all lanes */
    record Params(boolean earlyTermination) {}

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
    final Bits activations = in(bits(16 * SerialCycles.LANES));

    /** Code of lane k at bit 8 k. */
    final Bits codes = in(bits(8 * SerialCycles.LANES));

    /** The weights' last term is being added. */
    final Bool ready = out(bool());

    /** Binary32; valid 12 cycles after the row's last slot. */
    final Bits result = out(bits(32));

    final Bool resultValid = out(bool());

    /** Cycles in which the lanes waited since reset. */
    final UInt stalls = out(uint(16));

    HalfUnit(Params p) {
        super(p);
        doc("Term-serial processing element for FP16 activations with term generators, sequencer and accumulator.");
        var sequencer = new TermSequencer(new TermSequencer.Params(p.earlyTermination()));
        sequencer.valid.set(valid);
        sequencer.groupLast.set(groupLast);
        sequencer.isFloat.set(isFloat);
        sequencer.terms.set(terms);
        sequencer.codes.set(codes);
        sequencer.special.set(special.asBits());
        ready.set(sequencer.ready);
        stalls.set(sequencer.stalls);
        var index = sequencer.index;

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
        var pe = new HalfPe();
        pe.negative.set(Hdl.cat(negative));
        pe.one.set(Hdl.cat(one));
        pe.exponents.set(Hdl.cat(exponents));
        pe.activations.set(activations);
        pe.shift.set(mux(isFloat, mux(index.eq(0), lit(1, 3), lit(0, 3)), index.shl(1)));
        pe.valid.set(sequencer.goes);
        var control = new HalfControl();
        control.valid.set(sequencer.goes);
        control.groupFirst.set(groupFirst.and(sequencer.first));
        control.groupLast.set(sequencer.ends);
        control.scale.set(scale);
        pe.follow(control);

        // A group's flags go with it to its scaled sum.
        var done = sequencer.goes.and(sequencer.ends);
        var firsts = done.and(rowFirst);
        var lasts = done.and(rowLast);
        for (int i = 0; i < HalfPe.LATENCY; i++) {
            done = flag(done);
            firsts = flag(firsts);
            lasts = flag(lasts);
        }
        var accumulator = new HalfAccumulator(new HalfAccumulator.Params(1));
        accumulator.valid.set(done);
        accumulator.first.set(firsts);
        accumulator.scaled.set(pe.scaled);
        accumulator.exponent.set(pe.exponent);
        result.set(accumulator.sums.get(0));
        resultValid.set(flag(flag(lasts)));
    }

    private Bool flag(Bool value) {
        var stage = reg(bool()).init(false);
        stage.set(value);
        return stage;
    }
}
