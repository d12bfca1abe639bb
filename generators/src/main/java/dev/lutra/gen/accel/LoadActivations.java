// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;
import org.jspecify.annotations.Nullable;

/**
 * LDA: memory to a half of the activation buffer, or to rows of the scratchpad.
 *
 * <p>A transfer posts when its last beat is in the buffer, or its last row in the scratchpad. The exponents of FP16 rows are
 * found as they pass; then it ends when the last beat's are in them.
 *
 * <p>Transfers of rows overlap: bursts of the next one are requested when all of those before are, while their beats are still on their way, so that memory need not wait
 * for its own answers. Beats come in the order of their bursts, and become rows in that order. All else has the unit for itself: it begins when the rows before it are
 * written, and the next begins when it has ended.
 */
final class LoadActivations extends Module {

    /**
     * @param addressBits width of a byte address
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     * @param halfBytes capacity of one half of the activation buffer
     * @param jobBits width of the beat count of a transfer
     * @param vector the vector unit whose scratchpad is loaded, too
     * @param exponents of rows of FP16 activations; null of integers
     * @param side whether there is a side engine
     */
    record Params(
            int addressBits,
            int beatBits,
            int maxBurst,
            int halfBytes,
            int jobBits,
            VectorShape vector,
            RowExponents.@Nullable Params exponents,
            boolean side) {

        /** Room for rows on their way to the scratchpad: two bursts, or two rows. */
        int roomBeats() {
            return 2 * Math.max(Integer.highestOneBit(2 * maxBurst - 1), vector.rowBytes() * 8 / beatBits);
        }

        int rowBits() {
            return vector.exists() ? vector.rowBits() : 0;
        }
    }

    /** Transfers of rows that are begun and not written, at most. */
    private static final int TRANSFERS_AHEAD = 4;

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

    /** Of the rows of both halves, as {@link RowExponents} has them; null of integers. */
    final @Nullable Vec<UInt> exponents;

    /** Rows for the scratchpad; null without a vector unit, as are its tokens. */
    final @Nullable Decoupled<VectorUnit.Row> put;

    final @Nullable Bool rowTokenAvailable;
    final @Nullable Bool rowTokenTake;
    final @Nullable Bool rowTokenPost;

    /** A transfer or SYNC ends. */
    final Bool ends = out(bool());

    /** A transfer has begun and not ended. */
    final Bool busy = out(bool());

    /** There is none, and the next instruction waits for tokens. */
    final Bool stalled = out(bool());

    LoadActivations(Params p) {
        super(p);
        int halfBeats = p.halfBytes * 8 / p.beatBits;
        boolean vectors = p.vector.exists();
        doc("LDA unit: memory to a half of the activation buffer%s."
                .formatted(vectors ? " or rows of the scratchpad, whose transfers overlap" : ""));
        exponents = p.exponents != null ? out(vec(2 * p.exponents.rows(), i -> uint(5))) : null;
        put = vectors ? out(decoupled(new VectorUnit.Row(p.vector))) : null;
        rowTokenAvailable = vectors ? in(bool()) : null;
        rowTokenTake = vectors ? out(bool()) : null;
        rowTokenPost = vectors ? out(bool()) : null;
        command = in(decoupled(new TransferCommand(p.addressBits, p.jobBits, p.rowBits(), 0, false)));
        request = out(decoupled(new BurstSpan(p.addressBits, p.maxBurst)));
        reply = in(new ReadData(p.beatBits, p.side));
        writeAddress = out(uint(Log2.exact(2 * halfBeats)));
        writeData = out(bits(p.beatBits));

        Bool loading = reg(bool()).init(false);
        UInt index = reg(uint(Log2.exact(halfBeats)));
        UInt remaining = reg(uint(p.jobBits));

        RowWriter writer = vectors
                ? new RowWriter(new RowWriter.Params(p.beatBits, p.vector, p.roomBeats(), p.maxBurst, TRANSFERS_AHEAD))
                : null;
        RowTransfer rows = command.bits.rows;
        var reader = new BurstReader(new BurstReader.Params(
                p.addressBits,
                p.beatBits / 8,
                p.maxBurst,
                p.jobBits,
                Log2.bitsFor(vectors ? p.roomBeats() : p.maxBurst)));
        reader.clear.set(clear);
        if (writer == null || rows == null) {
            reader.freeBeats.set(p.maxBurst); // the program checker proved that the half is free and large enough
        } else {
            reader.freeBeats.set(mux(loading, lit(p.maxBurst, writer.freeBeats.width()), writer.freeBeats));
        }
        reader.jobAddress.set(command.bits.address);
        reader.jobBeats.set(command.bits.beats);
        request.set(reader.burst);

        Bool bufferReady = command.bits.waits.not().or(tokenAvailable);
        Bool tokenReady = rows == null || rowTokenAvailable == null
                ? bufferReady
                : bufferReady.and(rows.waits.not().or(rowTokenAvailable));
        Bool transfers = command.bits.beats.ne(0);
        Bool toRows = rows == null ? null : transfers.and(rows.selected);
        Bool free = writer == null || toRows == null
                ? loading.not()
                : loading.not().and(mux(toRows, reader.jobReady.and(writer.job.ready), writer.idle));
        Bool starts = command.valid.and(free).and(tokenReady);
        Bool startsRows = toRows == null ? null : starts.and(toRows);
        Bool startsBuffer =
                rows == null ? starts.and(transfers) : starts.and(transfers).andNot(rows.selected);
        Bool arrives = reply.isFor(ReadPort.ACTIVATIONS);
        Bool beatArrives = loading.and(arrives);
        Bool lastArrives = beatArrives.and(remaining.eq(1));
        RowExponents scan = p.exponents != null ? new RowExponents(p.exponents) : null;
        Bool loaded = scan == null ? lastArrives : scan.done;
        Bool syncs = starts.and(transfers.not());
        Bool retires = loaded.or(syncs);

        reader.jobValid.set(starts.and(transfers));
        tokenTake.set(starts.and(command.bits.waits));
        tokenPost.set(retires.and(command.bits.posts));
        command.ready.set(startsRows == null ? retires : retires.or(startsRows));

        writeEnable.set(beatArrives);
        writeAddress.set(cat(command.bits.select, index).asUInt());
        writeData.set(reply.data);

        if (scan != null && exponents != null) {
            scan.clear.set(clear);
            scan.start.set(startsBuffer);
            scan.half.set(command.bits.select);
            scan.beatValid.set(beatArrives);
            scan.beatLast.set(remaining.eq(1));
            scan.index.set(index);
            scan.beat.set(reply.data);
            exponents.set(scan.exponents);
        }
        when(startsBuffer, () -> {
            loading.set(true);
            index.set(0);
            remaining.set(command.bits.beats);
        });
        when(beatArrives, () -> {
            index.set(index.wrapAdd(1));
            remaining.set(remaining.wrapSub(1));
        });
        when(loaded.or(clear), () -> loading.set(false));
        if (writer == null
                || rows == null
                || startsRows == null
                || put == null
                || rowTokenTake == null
                || rowTokenPost == null) {
            ends.set(retires);
            busy.set(loading);
        } else {
            writer.clear.set(clear);
            writer.job.valid.set(startsRows);
            writer.job.bits.row.set(rows.row);
            writer.job.bits.rows.set(RowWriter.rows(command.bits.beats, p.beatBits, p.vector));
            writer.job.bits.format.set(rows.format);
            writer.job.bits.posts.set(rows.posts);
            writer.reserve.set(request.fire().andNot(loading));
            writer.reserveBeats.set(request.bits.beats);
            writer.beatValid.set(arrives.andNot(loading));
            writer.beat.set(reply.data);
            var unpacker = new RowUnpacker(p.vector);
            unpacker.clear.set(clear);
            unpacker.words.set(writer.put);
            unpacker.format.set(writer.format);
            put.set(unpacker.put);
            rowTokenTake.set(starts.and(rows.waits));
            rowTokenPost.set(writer.posts.or(syncs.and(rows.posts)));
            ends.set(retires.or(writer.ends));
            busy.set(loading.or(writer.idle.not()));
        }

        stalled.set(command.valid.andNot(busy).andNot(tokenReady));
    }
}
