// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.VectorShape;
import org.jspecify.annotations.Nullable;

/**
 * ST: a half of the output buffer, or rows of the scratchpad, to memory.
 *
 * <p>A store retires, and frees its half, when its last beat is accepted. The responses of the memory are counted by
 * the memory port, and a region is not done before they are back.
 */
final class Store extends Module {

    /**
     * @param addressBits width of a byte address
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     * @param halfBytes capacity of one half of the output buffer
     * @param jobBits width of the beat count of a transfer
     * @param vector the vector unit whose scratchpad is stored, too
     * @param sumBeats capacity of the side engine's ring of sums, which are stored, too; 0 without one
     */
    record Params(
            int addressBits, int beatBits, int maxBurst, int halfBytes, int jobBits, VectorShape vector, int sumBeats) {

        int rowBits() {
            return vector.exists() ? vector.rowBits() : 0;
        }
    }

    private enum State {
        IDLE,
        REQUEST,
        DATA
    }

    final Bool clear = in(bool());
    final Decoupled<TransferCommand> command;
    final Bool tokenAvailable = in(bool());
    final Bool tokenTake = out(bool());
    final Bool tokenPost = out(bool());
    final Bool readEnable = out(bool());
    final UInt readAddress;
    final Bits readData;

    /** Rows wanted of the scratchpad, and what they hold in the next cycle; null without a vector unit, as are its tokens. */
    final @Nullable Decoupled<UInt> ask;

    final @Nullable Bits answer;
    final @Nullable Bool rowTokenAvailable;
    final @Nullable Bool rowTokenTake;
    final @Nullable Bool rowTokenPost;
    /** Sums of the side engine; null without one, as the beats of them that are there. */
    final @Nullable WordStream sums;

    final @Nullable UInt sumsReady;
    final Decoupled<BurstSpan> request;
    final Decoupled<WriteBeat> data;
    final Bool busy = out(bool());
    final Bool stalled = out(bool());

    /** A burst was requested and its data is not all sent: the unit must not be cleared. */
    final Bool inBurst = out(bool());

    Store(Params p) {
        super(p);
        int halfBeats = p.halfBytes * 8 / p.beatBits;
        int burstBits = Log2.bitsFor(p.maxBurst);
        boolean vectors = p.vector.exists();
        doc("ST unit: a half of the output buffer%s to memory."
                .formatted(vectors ? ", or rows of the scratchpad," : ""));
        doc("A store retires, and frees its half, when its last beat is accepted.");
        ask = vectors ? out(decoupled(uint(p.rowBits()))) : null;
        answer = vectors ? in(bits(p.vector.rowBytes() * 8)) : null;
        rowTokenAvailable = vectors ? in(bool()) : null;
        rowTokenTake = vectors ? out(bool()) : null;
        rowTokenPost = vectors ? out(bool()) : null;
        boolean hasSide = p.sumBeats > 0;
        sums = hasSide ? out(new WordStream(p.beatBits)) : null;
        sumsReady = hasSide ? in(uint(Log2.bitsFor(p.sumBeats))) : null;
        command = in(decoupled(new TransferCommand(p.addressBits, p.jobBits, p.rowBits(), 0, hasSide)));
        readAddress = out(uint(Log2.exact(2 * halfBeats)));
        readData = in(bits(p.beatBits));
        request = out(decoupled(new BurstSpan(p.addressBits, p.maxBurst)));
        data = out(decoupled(new WriteBeat(p.beatBits)));

        EnumSignal<State> state = reg(enumOf(State.class)).init(State.IDLE);
        UInt address = reg(uint(p.addressBits));
        UInt remaining = reg(uint(p.jobBits));
        UInt index = reg(uint(Log2.exact(halfBeats)));
        UInt toRead = reg(uint(burstBits)).init(0);
        Bool beatValid = reg(bool()).init(false);
        Bool beatLast = reg(bool());

        Bool idle = state.eq(State.IDLE);
        RowTransfer rows = command.bits.rows;
        RowReader reader = vectors ? new RowReader(new RowReader.Params(p.beatBits, p.vector)) : null;
        Bool bufferReady = command.bits.waits.not().or(tokenAvailable);
        Bool tokenReady = rows == null || rowTokenAvailable == null
                ? bufferReady
                : bufferReady.and(rows.waits.not().or(rowTokenAvailable));
        Bool starts = command.valid.and(idle).and(tokenReady);
        Bool transfers = command.bits.beats.ne(0);
        Bool sendsLast = data.fire().and(beatLast);
        UInt beats = BurstSpan.beatsWithin(address, remaining, p.beatBits / 8, p.maxBurst);
        UInt remainingAfter = remaining.wrapSub(beats).truncate(p.jobBits);
        Bool completes = sendsLast.and(remainingAfter.eq(0));
        Bool retires = completes.or(starts.and(transfers.not()));
        tokenTake.set(starts.and(command.bits.waits));
        tokenPost.set(retires.and(command.bits.posts));
        command.ready.set(retires);

        // A burst's address and length stay as they are until its data is sent.
        // A burst of sums is requested when they are all there: what is begun can always be ended.
        Bool side = command.bits.side;
        request.valid.set(
                side == null || sumsReady == null
                        ? state.eq(State.REQUEST)
                        : state.eq(State.REQUEST).and(side.not().or(sumsReady.ge(beats))));
        request.bits.address.set(address);
        request.bits.beats.set(beats);

        // The buffer's output register is the write-data register: it is reloaded when empty or accepted.
        Bool reload = beatValid.not().or(data.ready);
        Bool wanted = toRead.ne(0);
        Bool there = reader == null || rows == null
                ? wanted
                : wanted.and(rows.selected.not().or(reader.words.available));
        Bool reads = reload.and(there);
        readEnable.set(reads);
        readAddress.set(cat(command.bits.select, index).asUInt());
        data.valid.set(beatValid);
        if (side == null || sums == null) {
            data.bits.data.set(
                    reader == null || rows == null ? readData : mux(rows.selected, reader.words.word, readData));
        } else {
            data.bits.data.set(mux(side, sums.word, readData));
            sums.pop.set(reads.and(side));
            sums.last.set(false); // whole beats
        }
        data.bits.last.set(beatLast);
        when(reload, () -> beatValid.set(there));
        when(reads, () -> {
            index.set(index.wrapAdd(1));
            toRead.set(toRead.wrapSub(1));
            beatLast.set(toRead.eq(1));
        });

        switchOn(state)
                .is(
                        State.IDLE,
                        () -> when(starts.and(transfers), () -> {
                            state.set(State.REQUEST);
                            address.set(command.bits.address);
                            remaining.set(command.bits.beats);
                            index.set(0);
                        }))
                .is(
                        State.REQUEST,
                        () -> when(side == null ? request.ready : request.fire(), () -> {
                            state.set(State.DATA);
                            toRead.set(beats);
                        }))
                .is(
                        State.DATA,
                        () -> when(sendsLast, () -> {
                            address.set(address.wrapAdd(beats.shl(Log2.exact(p.beatBits / 8))));
                            remaining.set(remainingAfter);
                            when(completes, () -> state.set(State.IDLE)).otherwise(() -> state.set(State.REQUEST));
                        }));
        when(clear, () -> {
            state.set(State.IDLE);
            beatValid.set(false);
            toRead.set(0);
        });

        if (reader != null
                && rows != null
                && ask != null
                && answer != null
                && rowTokenTake != null
                && rowTokenPost != null) {
            reader.clear.set(clear);
            reader.start.set(starts.and(transfers).and(rows.selected));
            reader.row.set(rows.row);
            reader.format.set(rows.format);
            reader.rows.set(RowWriter.rows(command.bits.beats, p.beatBits, p.vector));
            ask.set(reader.ask);
            reader.answer.set(answer);
            reader.words.pop.set(reads.and(rows.selected));
            reader.words.last.set(false); // whole beats
            rowTokenTake.set(starts.and(rows.waits));
            rowTokenPost.set(retires.and(rows.posts));
        }

        busy.set(idle.not());
        stalled.set(command.valid.and(idle).and(tokenReady.not()));
        inBurst.set(state.eq(State.DATA));
    }
}
