// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.stream.StreamFifo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves the results of a block from the core's holding registers to the output buffer, a bus beat a cycle.
 *
 * <p>The issuer spaces blocks so that the registers are not overwritten while they drain.
 */
final class ResultDrain extends Module {

    /**
     * @param results results of a block (rows times columns)
     * @param resultBits width of a result
     * @param beatBits width of a bus beat
     * @param beatAddressBits width of a beat address of the output buffer
     * @param queueDepth blocks whose results are on their way, at most
     * @param vectors whether results may go to the scratchpad
     */
    record Params(int results, int resultBits, int beatBits, int beatAddressBits, int queueDepth, boolean vectors) {

        /** Beats of a block of 32-bit or 64-bit results. */
        int beats(boolean wide) {
            return results * (wide ? 64 : 32) / beatBits;
        }

        /** Results of at most 32 bits are never stored as 64-bit integers. */
        boolean canBeWide() {
            return resultBits > 32;
        }

        int mostBeats() {
            return beats(canBeWide());
        }
    }

    final Bool clear = in(bool());
    final Decoupled<OutputSlot> slot;
    final Bool resultsValid = in(bool());
    final Vec<SInt> results;
    final Bool writeEnable = out(bool());
    final UInt writeAddress;
    final Bits writeData;

    /** {@link #writeData} is for the scratchpad; null without a vector unit. */
    final @Nullable Bool sumsValid;

    final Bool posts = out(bool());
    final Bool idle = out(bool());

    ResultDrain(Params p) {
        super(p);
        doc("Moves a block of " + p.results + " results to the output buffer, one " + p.beatBits
                + "-bit beat a cycle.");
        slot = in(decoupled(new OutputSlot(p.beatAddressBits, p.vectors)));
        results = in(vec(p.results, i -> sint(p.resultBits)));
        writeAddress = out(uint(p.beatAddressBits));
        writeData = out(bits(p.beatBits));
        sumsValid = p.vectors ? out(bool()) : null;

        int indexBits = Math.max(1, Log2.exact(p.mostBeats()));
        var queue = new StreamFifo<>(new OutputSlot(p.beatAddressBits, p.vectors), p.queueDepth);
        queue.clear.set(clear);
        queue.put.set(slot);
        OutputSlot current = queue.take.bits;

        Bool draining = reg(bool()).init(false);
        UInt index = reg(uint(indexBits)).init(0);
        // Results of what was cleared are still on their way through the core: they have no slot.
        Bool moves = resultsValid.and(queue.take.valid).or(draining);
        boolean canBeWide = p.canBeWide();
        UInt narrowEnd = lit(p.beats(false) - 1, indexBits);
        UInt lastIndex = canBeWide ? mux(current.wide, lit(p.beats(true) - 1, indexBits), narrowEnd) : narrowEnd;
        Bool ends = moves.and(index.eq(lastIndex));

        if (current.toRows == null || sumsValid == null) {
            writeEnable.set(moves);
        } else {
            writeEnable.set(moves.andNot(current.toRows));
            sumsValid.set(moves.and(current.toRows));
        }
        writeAddress.set(current.beat.wrapAdd(index));
        Bits narrow = select(index, beats(p, 32));
        writeData.set(canBeWide ? mux(current.wide, select(index, beats(p, 64)), narrow) : narrow);
        queue.take.ready.set(ends);
        posts.set(ends.and(current.posts));
        idle.set(queue.count.eq(0).and(draining.not()));
        when(moves, () -> {
            draining.set(ends.not());
            index.set(mux(ends, lit(0, indexBits), index.wrapAdd(1)));
        });
        when(clear, () -> {
            draining.set(false);
            index.set(0);
        });
    }

    /** The block as bus beats of little-endian integers, result 0 in the low bits of beat 0. */
    private List<Bits> beats(Params p, int integerBits) {
        List<Bits> pieces = new ArrayList<>();
        for (SInt result : results) {
            Bits integer =
                    (integerBits >= p.resultBits ? result.extend(integerBits) : result.truncate(integerBits)).asBits();
            for (int low = 0; low < integerBits; low += p.beatBits) {
                pieces.add(integer.bits(Math.min(low + p.beatBits, integerBits) - 1, low));
            }
        }
        int perBeat = Math.max(1, p.beatBits / integerBits);
        List<Bits> beats = new ArrayList<>();
        for (int first = 0; first < pieces.size(); first += perBeat) {
            List<Bits> high = new ArrayList<>(pieces.subList(first, first + perBeat));
            Collections.reverse(high);
            beats.add(cat(high));
        }
        return beats;
    }
}
