// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/**
 * LDW and LDS: memory to the weight and scale streams.
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
     * @param jobBits width of the beat count of a transfer
     * @param wordsBits width of the word count of a transfer; 0 where words lie in memory as they are
     */
    record Params(
            int addressBits, int beatBits, int maxBurst, int weightBeats, int scaleBeats, int jobBits, int wordsBits) {}

    final Bool clear = in(bool());
    final Decoupled<TransferCommand> command;
    final UInt weightFree;

    /** Room in the scale ring; null where the machine has no group scales. */
    final @Nullable UInt scaleFree;

    /** What becomes of the beats of each transfer of weights; null where words lie in memory as they are. */
    final @Nullable Decoupled<WordJob> job;

    final Decoupled<BurstSpan> request;
    final Bool requestScales = out(bool());
    final Bool busy = out(bool());
    final Bool stalled = out(bool());

    LoadWeights(Params p) {
        super(p);
        doc("LDW unit: memory to the weight and scale streams.");
        doc("A transfer retires when its last burst is requested; a burst waits until its ring has room.");
        int freeBits = Log2.bitsFor(Math.max(p.weightBeats, p.scaleBeats));
        command = in(decoupled(new TransferCommand(p.addressBits, p.jobBits, 0, p.wordsBits)));
        job = p.wordsBits == 0 ? null : out(decoupled(new WordJob(p.jobBits, p.wordsBits)));
        weightFree = in(uint(Log2.bitsFor(p.weightBeats)));
        scaleFree = p.scaleBeats == 0 ? null : in(uint(Log2.bitsFor(p.scaleBeats)));
        request = out(decoupled(new BurstSpan(p.addressBits, p.maxBurst)));

        Bool scales = reg(bool()).init(false);
        var reader =
                new BurstReader(new BurstReader.Params(p.addressBits, p.beatBits / 8, p.maxBurst, p.jobBits, freeBits));
        reader.clear.set(clear);
        Bool noted = job == null ? lit(true) : command.bits.select.or(job.ready);
        reader.jobValid.set(command.valid.and(noted));
        reader.jobAddress.set(command.bits.address);
        reader.jobBeats.set(command.bits.beats);
        reader.freeBeats.set(scaleFree == null ? weightFree : mux(scales, scaleFree, weightFree));
        command.ready.set(reader.jobReady.and(noted));
        if (job != null && command.bits.words != null) {
            job.valid.set(command.valid.and(reader.jobReady).andNot(command.bits.select));
            job.bits.beats.set(command.bits.beats);
            job.bits.words.set(command.bits.words);
        }
        when(command.fire(), () -> scales.set(command.bits.select));

        request.set(reader.burst);
        requestScales.set(scales);
        busy.set(reader.jobReady.not());
        stalled.set(reader.jobReady.not().and(reader.burst.valid.not()));
    }
}
