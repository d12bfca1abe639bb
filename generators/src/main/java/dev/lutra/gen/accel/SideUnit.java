// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Machine;
import dev.lutra.machine.SideEngine;

/**
 * The side engine: sums of sparse rows, an entry a cycle, with one multiplier. It has activations of its own and takes no part in what MX does.
 *
 * <p>Beats come to it in the order of their bursts: those of activations are written to its memory, those of entries to their ring. An entry's activation is read in
 * the cycle after the entry, multiplied with its code in the next, and added in the one after that; the last one of a row sends the sum to its ring and leaves 0.
 * No entry is taken unless its sum, and those of the entries before it, have room.
 */
final class SideUnit extends Module {

    /**
     * @param side its sizes
     * @param activationBytes bytes of an activation
     * @param sumBits width of an accumulator
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     */
    record Params(SideEngine side, int activationBytes, int sumBits, int beatBits, int maxBurst) {

        static Params of(Machine machine) {
            var activations = machine.engine().activations();
            return new Params(
                    machine.side(),
                    activations.bytes(),
                    machine.side().sumBits(Byte.SIZE * activations.bytes()),
                    machine.bus().dataBits(),
                    machine.bus().maxBurst());
        }

        int ringBeats() {
            return side.ring() * 8 / beatBits;
        }

        int sumBeats() {
            return side.sums() * 8 / beatBits;
        }
    }

    final Bool clear = in(bool());

    /** A burst is requested for it. */
    final Bool requests = in(bool());

    /** It is one of activations. */
    final Bool requestsActivations = in(bool());

    /** The first one of a transfer. */
    final Bool requestsFirst = in(bool());

    final UInt requestBeats;

    /** Room for entries, in beats. */
    final UInt free;

    /** All entries that were requested are worked off. */
    final Bool rests = out(bool());

    final Bool beatValid = in(bool());
    final Bits beat;

    /** Beats of sums that are there. */
    final UInt sumsReady;

    final WordStream sums;

    /** Nothing in it moves. */
    final Bool idle = out(bool());

    /** An entry is worked off. */
    final Bool busy = out(bool());

    /** Nothing is left in it. */
    final Bool empty = out(bool());

    SideUnit(Params p) {
        super(p);
        doc("Side engine: sums of sparse rows of INT16 codes, one entry a cycle, " + p.sumBits + "-bit accumulator.");
        doc("Entry: code in bits 15:0, place of its activation in bits 30:16, bit 31 ends a row.");
        requestBeats = in(uint(Log2.bitsFor(p.maxBurst)));
        free = out(uint(Log2.bitsFor(p.ringBeats())));
        beat = in(bits(p.beatBits));
        sums = in(new WordStream(p.beatBits));
        sumsReady = out(uint(Log2.bitsFor(p.sumBeats())));

        // --- activations -----------------------------------------------------------------------------------------
        int activationBits = 8 * p.activationBytes;
        int bytes = p.side.columns() * p.activationBytes;
        int beats = bytes * 8 / p.beatBits;
        UInt awaited = reg(uint(Log2.bitsFor(beats))).init(0);
        UInt index = reg(uint(Math.max(1, Log2.exact(beats)))).init(0);
        Bool isActivations = beatValid.and(awaited.ne(0));
        var activations = new DualWidthRam(new DualWidthRam.Params(p.beatBits, activationBits, bytes));
        activations.writeEnable.set(isActivations);
        activations.writeAddress.set(index.truncate(activations.writeAddress.width()));
        activations.writeData.set(beat);
        UInt asked = mux(requests.and(requestsActivations), requestBeats, lit(0));
        UInt come = mux(isActivations, lit(1), lit(0));
        awaited.set(awaited.add(asked).wrapSub(come).truncate(awaited.width()));
        when(isActivations, () -> index.set(index.wrapAdd(1)));
        when(requests.and(requestsActivations).and(requestsFirst), () -> index.set(0));

        // --- entries -----------------------------------------------------------------------------------------------
        var entries = new StreamRing(
                new StreamRing.Params(p.beatBits, 8 * SideEngine.ENTRY_BYTES, p.side.ring(), p.maxBurst));
        entries.clear.set(clear);
        entries.reserve.set(requests.andNot(requestsActivations));
        entries.reserveBeats.set(requestBeats);
        entries.beatValid.set(beatValid.andNot(isActivations));
        entries.beat.set(beat);
        free.set(entries.freeBeats);

        var ring = new StreamRing(new StreamRing.Params(8 * SideEngine.SUM_BYTES, p.beatBits, p.side.sums(), 1));
        Bool takes = entries.words.available.and(ring.freeBeats.ge(SideEngine.LATENCY));
        entries.words.pop.set(takes);
        entries.words.last.set(false); // words that fill up a beat are entries that do nothing
        Bool found = reg(bool()).init(false);
        Bool multiplies = reg(bool()).init(false);
        Bool adds = reg(bool()).init(false);
        found.set(takes);
        multiplies.set(found);
        adds.set(multiplies);

        Bits entry = entries.words.word;
        int codeBits = SideEngine.CODE_BITS;
        int placeBits = activations.readAddress.width();
        activations.readEnable.set(found);
        activations.readAddress.set(
                entry.bits(codeBits + placeBits - 1, codeBits).asUInt());
        SInt code = reg(sint(codeBits));
        Bool ends = reg(bool());
        when(found, () -> {
            code.set(entry.bits(codeBits - 1, 0).asSInt());
            ends.set(entry.bit(8 * SideEngine.ENTRY_BYTES - 1));
        });
        SInt product = reg(sint(activationBits + codeBits));
        Bool endsRow = reg(bool());
        when(multiplies, () -> {
            product.set(activations.readData.asSInt().mul(code));
            endsRow.set(ends);
        });

        // --- sums --------------------------------------------------------------------------------------------------
        SInt sum = reg(sint(p.sumBits)).init(0);
        SInt next = sum.wrapAdd(product.extend(p.sumBits));
        Bool sends = adds.and(endsRow);
        when(adds, () -> sum.set(mux(endsRow, slit(0, p.sumBits), next)));
        ring.clear.set(clear);
        ring.reserve.set(sends);
        ring.reserveBeats.set(1);
        ring.beatValid.set(sends);
        ring.beat.set(next.extend(8 * SideEngine.SUM_BYTES).asBits());
        ring.words.set(sums);

        // Sums that are there, in units of the narrower of a sum and a beat.
        int unit = Math.min(8 * SideEngine.SUM_BYTES, p.beatBits);
        int perBeat = p.beatBits / unit;
        UInt units = reg(uint(Log2.bitsFor(p.side.sums() * 8 / unit))).init(0);
        UInt more = mux(sends, lit(8 * SideEngine.SUM_BYTES / unit), lit(0));
        UInt less = mux(sums.pop, lit(perBeat), lit(0));
        units.set(units.add(more).wrapSub(less).truncate(units.width()));
        sumsReady.set(units.shr(Log2.exact(perBeat)).truncate(sumsReady.width()));

        Bool works = found.or(multiplies).or(adds);
        rests.set(entries.freeBeats.eq(p.ringBeats()).and(works.not()));
        idle.set(takes.or(works).not());
        busy.set(takes);
        empty.set(entries.empty.and(ring.empty).and(works.not()));
        when(clear, () -> {
            awaited.set(0);
            found.set(false);
            multiplies.set(false);
            adds.set(false);
            sum.set(0);
            units.set(0);
        });
    }
}
