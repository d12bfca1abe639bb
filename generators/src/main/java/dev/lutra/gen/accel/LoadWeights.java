// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/**
 * LDW, LDS and LDE: memory to the weight and scale streams, and to the side engine.
 *
 * <p>A transfer retires when its last burst is requested, so that the next one overlaps its latency. The streams have
 * flow control of their own: a burst waits here until its ring has room for it.
 */
final class LoadWeights extends Module {

    /**
     * @param addressBits width of a byte address
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     * @param weightBeats capacity of the weight ring
     * @param scaleBeats capacity of the scale ring; 0 where the machine has no group scales
     * @param entryBeats capacity of the ring of entries; 0 where there is no side engine
     * @param jobBits width of the beat count of a transfer
     * @param wordsBits width of the word count of a transfer; 0 where words lie in memory as they are
     */
    record Params(
            int addressBits,
            int beatBits,
            int maxBurst,
            int weightBeats,
            int scaleBeats,
            int entryBeats,
            int jobBits,
            int wordsBits) {}

    private final Params p;
    final Bool clear = in(bool());
    final Decoupled<TransferCommand> command;
    final UInt weightFree;

    /** Room in the scale ring; null where the machine has no group scales. */
    final @Nullable UInt scaleFree;

    /** What becomes of the beats of each transfer of weights; null where words lie in memory as they are. */
    final @Nullable Decoupled<WordJob> job;

    /** Room in the ring of entries; null without a side engine, as the four that follow. */
    final @Nullable UInt entryFree;

    /** The side engine has worked all entries off. */
    final @Nullable Bool sideRests;

    final Decoupled<BurstSpan> request;
    final Bool requestScales = out(bool());

    /** The request is for the side engine. */
    final @Nullable Bool requestSide;

    /** It is for activations. */
    final @Nullable Bool requestActivations;

    /** It is the first one of its transfer. */
    final @Nullable Bool requestFirst;

    final Bool busy = out(bool());
    final Bool stalled = out(bool());

    LoadWeights(Params p) {
        super(p);
        this.p = p;
        boolean hasSide = p.entryBeats > 0;
        doc("LDW unit: memory to the weight and scale streams%s.".formatted(hasSide ? ", and to the side engine" : ""));
        doc("A transfer retires when its last burst is requested; a burst waits until its ring has room.");
        int freeBits = Log2.bitsFor(Math.max(p.weightBeats, p.scaleBeats));
        command = in(decoupled(new TransferCommand(p.addressBits, p.jobBits, 0, p.wordsBits, hasSide)));
        job = p.wordsBits == 0 ? null : out(decoupled(new WordJob(p.jobBits, p.wordsBits)));
        weightFree = in(uint(Log2.bitsFor(p.weightBeats)));
        scaleFree = p.scaleBeats == 0 ? null : in(uint(Log2.bitsFor(p.scaleBeats)));
        entryFree = hasSide ? in(uint(Log2.bitsFor(p.entryBeats))) : null;
        sideRests = hasSide ? in(bool()) : null;
        requestSide = hasSide ? out(bool()) : null;
        requestActivations = hasSide ? out(bool()) : null;
        requestFirst = hasSide ? out(bool()) : null;
        request = out(decoupled(new BurstSpan(p.addressBits, p.maxBurst)));

        Bool scales = reg(bool()).init(false);
        var reader =
                new BurstReader(new BurstReader.Params(p.addressBits, p.beatBits / 8, p.maxBurst, p.jobBits, freeBits));
        reader.clear.set(clear);
        Bool noted = job == null ? lit(true) : command.bits.select.or(job.ready);
        Bool given = command.bits.side == null ? command.valid : command.valid.andNot(command.bits.side);
        reader.jobValid.set(given.and(noted));
        reader.jobAddress.set(command.bits.address);
        reader.jobBeats.set(command.bits.beats);
        reader.freeBeats.set(scaleFree == null ? weightFree : mux(scales, scaleFree, weightFree));
        if (job != null && command.bits.words != null) {
            job.valid.set(given.and(reader.jobReady).andNot(command.bits.select));
            job.bits.beats.set(command.bits.beats);
            job.bits.words.set(command.bits.words);
        }
        if (command.bits.side != null) {
            beside(command.bits.side, reader, scales, reader.jobReady.and(noted));
            return;
        }
        command.ready.set(reader.jobReady.and(noted));
        when(command.fire(), () -> scales.set(command.bits.select));

        request.set(reader.burst);
        requestScales.set(scales);
        busy.set(reader.jobReady.not());
        stalled.set(reader.jobReady.not().and(reader.burst.valid.not()));
    }

    /** Bursts for the side engine, which takes an entry a cycle, go before those of the streams when there is room for them, and hold them up no longer. */
    private void beside(Bool side, BurstReader reader, Bool scales, Bool streamReady) {
        if (entryFree == null
                || sideRests == null
                || requestSide == null
                || requestActivations == null
                || requestFirst == null) {
            throw new IllegalStateException("a command for a side engine that is not there");
        }
        int freeBits = Log2.bitsFor(Math.max(p.entryBeats, p.maxBurst));
        var entries =
                new BurstReader(new BurstReader.Params(p.addressBits, p.beatBits / 8, p.maxBurst, p.jobBits, freeBits));
        Bool activations = reg(bool()).init(false);
        Bool first = reg(bool()).init(false);
        entries.clear.set(clear);
        entries.jobValid.set(command.valid.and(side));
        entries.jobAddress.set(command.bits.address);
        entries.jobBeats.set(command.bits.beats);
        // The first activations overwrite those that entries before still need.
        UInt activationFree = mux(first.andNot(sideRests), lit(0, freeBits), lit(p.maxBurst, freeBits));
        entries.freeBeats.set(mux(activations, activationFree, entryFree.extend(freeBits)));
        command.ready.set(mux(side, entries.jobReady, streamReady));
        when(
                command.fire(),
                () -> when(side, () -> {
                            activations.set(command.bits.select);
                            first.set(true);
                        })
                        .otherwise(() -> scales.set(command.bits.select)));
        when(entries.burst.fire(), () -> first.set(false));

        Bool turn = entries.burst.valid;
        request.valid.set(turn.or(reader.burst.valid));
        request.bits.address.set(mux(turn, entries.burst.bits.address, reader.burst.bits.address));
        request.bits.beats.set(mux(turn, entries.burst.bits.beats, reader.burst.bits.beats));
        entries.burst.ready.set(request.ready);
        reader.burst.ready.set(request.ready.andNot(turn));
        requestSide.set(turn);
        requestActivations.set(activations);
        requestFirst.set(first);
        requestScales.set(scales.andNot(turn));
        busy.set(reader.jobReady.and(entries.jobReady).not());
        stalled.set(busy.andNot(request.valid));
    }
}
