// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps through the terms of four weights, and waits where a group would end before the one before is dequantised. With early termination it
 * passes over terms that are zero in all four lanes, but for one cycle that every four weights take; {@link SerialCycles} has the formulas.
 */
final class TermSequencer extends Module {

    record Params(boolean earlyTermination) {}

    private static final int PLACES = 4;

    /** Four weights are there; they stay until {@code ready}. */
    final Bool valid = in(bool());

    final Bool groupLast = in(bool());
    final Bool isFloat = in(bool());

    /** Terms of the group's type, 2..4; not looked at with early termination. */
    final UInt terms = in(uint(3));

    /** Code of lane k at bit 8 k, as {@link TermGenerator} takes it. */
    final Bits codes = in(bits(32));

    /** Special value in halves, or 0 of integers. */
    final Bits special = in(bits(6));

    /** A term is added. */
    final Bool goes = out(bool());

    /** It is the first one of its weights. */
    final Bool first = out(bool());

    /** It is the last one of its group. */
    final Bool ends = out(bool());

    final UInt index = out(uint(2));

    /** It is the weights' last one. */
    final Bool ready = out(bool());

    /** Cycles waited since reset. */
    final UInt stalls = out(uint(16));

    TermSequencer(Params p) {
        super(p);
        doc("Steps through the terms of four weights%s; counts the cycles it waits for the group before."
                .formatted(p.earlyTermination() ? " that are not zero in all of them" : ""));
        var left = reg(uint(3)).init(0);
        var waited = reg(uint(16)).init(0);
        Bool lastTerm;
        if (p.earlyTermination()) {
            var done = reg(bits(PLACES)).init(0);
            var rest = needed().and(done.not());
            index.set(mux(
                    rest.bit(0),
                    lit(0, 2),
                    mux(rest.bit(1), lit(1, 2), mux(rest.bit(2), lit(2, 2), mux(rest.bit(3), lit(3, 2), lit(0, 2))))));
            var lowest = rest.and(rest.asUInt().toSInt().neg().bits(PLACES - 1, 0));
            lastTerm = rest.xor(lowest).orR().not();
            first.set(done.orR().not());
            when(goes, () -> done.set(mux(lastTerm, lit(0, PLACES).asBits(), done.or(lowest))));
        } else {
            var at = reg(uint(2)).init(0);
            index.set(at);
            lastTerm = at.add(1).eq(terms);
            first.set(at.eq(0));
            when(goes, () -> at.set(mux(lastTerm, 0, at.wrapAdd(1))));
        }
        var last = lastTerm.and(groupLast);
        var stalled = valid.and(last).and(left.ne(0));
        goes.set(valid.andNot(stalled));
        ends.set(last);
        when(goes.and(last), () -> left.set(SerialCycles.SCALE - 1))
                .elseWhen(left.ne(0), () -> left.set(left.wrapSub(1)));
        when(stalled, () -> waited.set(waited.wrapAdd(1)));
        ready.set(goes.and(lastTerm));
        stalls.set(waited);
    }

    /** Bit i: a lane has a term i that is not zero. */
    private Bits needed() {
        List<Bits> lanes = new ArrayList<>();
        for (int k = 0; k < SerialCycles.LANES; k++) {
            var code = codes.bits(8 * k + 7, 8 * k);
            var padded = cat(code, lit(false));
            var isSpecial = code.bits(3, 0).asUInt().eq(8);
            var magnitude = code.bits(2, 0).asUInt();
            var specialMagnitude = mux(
                    special.bit(5),
                    special.asSInt().neg().bits(4, 0).asUInt(),
                    special.bits(4, 0).asUInt());
            // All magnitudes from 1 on have a first term; 0.5, 1.5, 3, 6 have a second one.
            var ofValue =
                    cat(magnitude.eq(1).or(magnitude.eq(3)).or(magnitude.eq(5)).or(magnitude.eq(7)), magnitude.gt(1));
            var several = specialMagnitude.and(specialMagnitude.wrapSub(1)).ne(0);
            var ofSpecial = cat(several.or(specialMagnitude.eq(1)), specialMagnitude.gt(1));
            var floating = mux(isSpecial, ofSpecial, ofValue);
            var digits = new ArrayList<Bool>();
            for (int i = PLACES - 1; i >= 0; i--) {
                var digit = padded.bits(2 * i + 2, 2 * i);
                digits.add(digit.orR().andNot(digit.andR()));
            }
            lanes.add(mux(isFloat, cat(lit(0, 2), floating), Hdl.cat(digits)));
        }
        return lanes.get(0).or(lanes.get(1)).or(lanes.get(2)).or(lanes.get(3));
    }
}
