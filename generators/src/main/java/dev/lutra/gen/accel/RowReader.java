// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.fp.FloatConverter;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rows of the scratchpad as a stream of bus beats; the scratchpad answers in cycles in which the vector unit does not read it. Elements smaller than words come together,
 * those of the first row lowest.
 */
final class RowReader extends Module {

    /**
     * @param beatBits width of a bus beat
     * @param shape of the vector unit
     */
    record Params(int beatBits, VectorShape shape) {}

    /** Rows on their way, at least. */
    private static final int ROOM = 4;

    final Bool clear = in(bool());

    /** Take as many as are {@link #rows} of words in memory, from {@link #row} on; all before are gone. */
    final Bool start = in(bool());

    final UInt row;
    final UInt rows;

    /** Of elements in memory, as long as they are read. */
    final EnumSignal<RowFormat> format = in(enumOf(RowFormat.class));

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
        UInt part = reg(uint(RowUnpacker.PART_BITS)).init(0);
        Bool answered = reg(bool()).init(false);
        Bool whole = reg(bool()).init(false);
        Bool packed = reg(bool()).init(false);
        // room is reserved with the first row of those that come together
        Bool begins = part.eq(0);
        Bool ends = RowUnpacker.isLast(part, format);
        ask.valid.set(left.ne(0).and(ring.freeBeats.ne(0).or(begins.not())));
        ask.bits.set(at);
        Bool asks = ask.fire();
        answered.set(asks.andNot(clear));
        whole.set(asks.and(ends).andNot(clear));
        packed.set(whole.andNot(clear));
        Bits together = reg(bits(wide));
        Bits bytes = behind(p.shape, together, Byte.SIZE, word -> word.bits(7, 0));
        Bits halves = behind(p.shape, together, Short.SIZE, RowReader::half);
        when(answered, () -> {
            together.set(answer);
            switchOn(format)
                    .is(RowFormat.INT8, () -> together.set(bytes))
                    .is(RowFormat.BINARY16, () -> together.set(halves));
        });
        ring.clear.set(clear);
        ring.reserve.set(asks.and(begins));
        ring.reserveBeats.set(1);
        ring.beatValid.set(packed);
        ring.beat.set(together);
        ring.words.set(words);
        when(asks, () -> {
            at.set(at.wrapAdd(1));
            part.set(mux(ends, lit(0, RowUnpacker.PART_BITS), part.wrapAdd(1)));
            when(ends, () -> left.set(left.wrapSub(1)));
        });
        when(start, () -> {
            at.set(row);
            left.set(rows);
        });
        when(clear, () -> {
            left.set(0);
            part.set(0);
        });
    }

    /** Elements of the answer behind those that came before. */
    private Bits behind(VectorShape shape, Bits before, int elementBits, UnaryOperator<Bits> element) {
        int own = shape.lanes() * elementBits;
        List<Bits> parts = new ArrayList<>();
        for (int lane = shape.lanes() - 1; lane >= 0; lane--) {
            parts.add(element.apply(answer.bits(lane * 32 + 31, lane * 32)));
        }
        parts.add(before.bits(before.width() - 1, own));
        return cat(parts);
    }

    private static Bits half(Bits word) {
        var converter = new FloatConverter(new FloatConverter.Params(FloatFormat.BINARY32, FloatFormat.BINARY16, 0));
        converter.a.set(word);
        return converter.result;
    }
}
