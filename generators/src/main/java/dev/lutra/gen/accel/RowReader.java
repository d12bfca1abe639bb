// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.VectorShape;

/** Rows of the scratchpad as a stream of bus beats; the scratchpad answers in cycles in which the vector unit does not read it. */
final class RowReader extends Module {

    /**
     * @param beatBits width of a bus beat
     * @param shape of the vector unit
     */
    record Params(int beatBits, VectorShape shape) {}

    /** Rows on their way, at least. */
    private static final int ROOM = 4;

    final Bool clear = in(bool());

    /** Take {@link #rows} from {@link #row} on; all before are gone. */
    final Bool start = in(bool());

    final UInt row;
    final UInt rows;
    final Decoupled<UInt> ask;
    final Bits answer;

    /** Beats. */
    final WordStream words;

    RowReader(Params p) {
        super(p);
        int rowBits = p.shape.rowBits();
        int wide = p.shape.rowBytes() * 8;
        doc("Bus beats of " + p.beatBits + " bits from rows of the scratchpad.");
        row = in(uint(rowBits));
        rows = in(uint(rowBits + 1));
        ask = out(decoupled(uint(rowBits)));
        answer = in(bits(wide));
        words = in(new WordStream(p.beatBits));

        var ring = new StreamRing(new StreamRing.Params(wide, p.beatBits, ROOM * Math.max(wide, p.beatBits) / 8, 1));
        UInt at = reg(uint(rowBits));
        UInt left = reg(uint(rowBits + 1)).init(0);
        Bool answered = reg(bool()).init(false);
        ask.valid.set(left.ne(0).and(ring.freeBeats.ne(0)));
        ask.bits.set(at);
        Bool asks = ask.fire();
        answered.set(asks.andNot(clear));
        ring.clear.set(clear);
        ring.reserve.set(asks);
        ring.reserveBeats.set(1);
        ring.beatValid.set(answered);
        ring.beat.set(answer);
        ring.words.set(words);
        when(asks, () -> {
            at.set(at.wrapAdd(1));
            left.set(left.wrapSub(1));
        });
        when(start, () -> {
            at.set(row);
            left.set(rows);
        });
        when(clear, () -> left.set(0));
    }
}
