// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * LDA: memory to a half of the activation buffer.
 *
 * <p>One transfer at a time. It retires, and posts, when its last beat is in the buffer.
 */
final class LoadActivations extends Module {

    /**
     * @param addressBits width of a byte address
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     * @param halfBytes capacity of one half of the activation buffer
     * @param jobBits width of the beat count of a transfer
     */
    record Params(int addressBits, int beatBits, int maxBurst, int halfBytes, int jobBits) {}

    final Bool clear = in(bool());
    final Decoupled<TransferCommand> command;
    final Bool tokenAvailable = in(bool());
    final Bool tokenTake = out(bool());
    final Bool tokenPost = out(bool());
    final Decoupled<BurstSpan> request;
    final ReadData reply;
    final Bool writeEnable = out(bool());
    final UInt writeAddress;
    final Bits writeData;
    final Bool busy = out(bool());
    final Bool stalled = out(bool());

    LoadActivations(Params p) {
        super(p);
        doc("LDA unit: memory to a half of the activation buffer, one transfer at a time.");
        int halfBeats = p.halfBytes * 8 / p.beatBits;
        command = in(decoupled(new TransferCommand(p.addressBits, p.jobBits)));
        request = out(decoupled(new BurstSpan(p.addressBits, p.maxBurst)));
        reply = in(new ReadData(p.beatBits));
        writeAddress = out(uint(Log2.exact(2 * halfBeats)));
        writeData = out(bits(p.beatBits));

        Bool loading = reg(bool()).init(false);
        UInt index = reg(uint(Log2.exact(halfBeats)));
        UInt remaining = reg(uint(p.jobBits));

        var reader = new BurstReader(
                new BurstReader.Params(p.addressBits, p.beatBits / 8, p.maxBurst, p.jobBits, Log2.bitsFor(p.maxBurst)));
        reader.clear.set(clear);
        reader.freeBeats.set(p.maxBurst); // the program checker proved that the half is free and large enough
        reader.jobAddress.set(command.bits.address);
        reader.jobBeats.set(command.bits.beats);
        request.set(reader.burst);

        Bool tokenReady = command.bits.waits.not().or(tokenAvailable);
        Bool starts = command.valid.and(loading.not()).and(tokenReady);
        Bool transfers = command.bits.beats.ne(0);
        Bool beatArrives = loading.and(reply.isFor(ReadPort.ACTIVATIONS));
        Bool lastArrives = beatArrives.and(remaining.eq(1));
        Bool retires = lastArrives.or(starts.and(transfers.not()));

        reader.jobValid.set(starts.and(transfers));
        tokenTake.set(starts.and(command.bits.waits));
        tokenPost.set(retires.and(command.bits.posts));
        command.ready.set(retires);

        writeEnable.set(beatArrives);
        writeAddress.set(cat(command.bits.select, index).asUInt());
        writeData.set(reply.data);

        when(starts.and(transfers), () -> {
            loading.set(true);
            index.set(0);
            remaining.set(command.bits.beats);
        });
        when(beatArrives, () -> {
            index.set(index.wrapAdd(1));
            remaining.set(remaining.wrapSub(1));
        });
        when(lastArrives.or(clear), () -> loading.set(false));

        busy.set(loading);
        stalled.set(command.valid.and(loading.not()).and(tokenReady.not()));
    }
}
