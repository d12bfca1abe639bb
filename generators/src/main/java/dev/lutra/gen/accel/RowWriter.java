// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;
import java.util.Collections;

/**
 * Bus beats into rows of the scratchpad. Room for beats is reserved before they come, since the scratchpad takes a row only in cycles in which the vector unit writes none.
 */
final class RowWriter extends Module {

    /**
     * @param beatBits width of a bus beat
     * @param shape of the vector unit
     * @param beats room, a power of two
     * @param reserved most beats reserved at once
     * @param jobs that are known ahead
     */
    record Params(int beatBits, VectorShape shape, int beats, int reserved, int jobs) {}

    final Bool clear = in(bool());
    final Decoupled<RowJob> job;
    final Bool reserve = in(bool());
    final UInt reserveBeats;
    final UInt freeBeats;
    final Bool beatValid = in(bool());
    final Bits beat;
    final Decoupled<VectorUnit.Row> put;

    /** Of the row of memory that is put; it is written from the row on that it names. */
    final EnumSignal<RowFormat> format = out(enumOf(RowFormat.class));

    /** The last row of a job is written. */
    final Bool ends = out(bool());

    /** And it posts. */
    final Bool posts = out(bool());

    final Bool idle = out(bool());

    RowWriter(Params p) {
        super(p);
        int rowBits = p.shape.rowBits();
        int lanes = p.shape.lanes();
        doc("Rows of " + lanes + " words for the scratchpad from bus beats of " + p.beatBits + " bits.");
        job = in(decoupled(new RowJob(rowBits)));
        reserveBeats = in(uint(Log2.bitsFor(p.reserved)));
        freeBeats = out(uint(Log2.bitsFor(p.beats)));
        beat = in(bits(p.beatBits));
        put = out(decoupled(new VectorUnit.Row(p.shape)));

        var jobs = new StreamFifo<>(new RowJob(rowBits), p.jobs);
        jobs.clear.set(clear);
        jobs.put.set(job);
        var ring = new StreamRing(
                new StreamRing.Params(p.beatBits, p.shape.rowBytes() * 8, p.beats * p.beatBits / 8, p.reserved));
        ring.clear.set(clear);
        ring.reserve.set(reserve);
        ring.reserveBeats.set(reserveBeats);
        freeBeats.set(ring.freeBeats);
        ring.beatValid.set(beatValid);
        ring.beat.set(beat);

        UInt done = reg(uint(rowBits + 1)).init(0);
        Bool pending = reg(bool()).init(false);
        UInt row = reg(uint(rowBits));
        Bool last = reg(bool());
        Bool lastPosts = reg(bool());
        EnumSignal<RowFormat> rowFormat = reg(enumOf(RowFormat.class));
        RowJob current = jobs.take.bits;
        Bool pops = ring.words.available.and(jobs.take.valid).and(pending.not().or(put.ready));
        Bool endsJob = done.wrapAdd(1).eq(current.rows);
        ring.words.pop.set(pops);
        ring.words.last.set(false); // whole beats
        jobs.take.ready.set(pops.and(endsJob));
        when(pops, () -> {
            row.set(mux(done.eq(0), current.row, row.wrapAdd(RowUnpacker.rows(current.format))));
            rowFormat.set(current.format);
            done.set(mux(endsJob, lit(0, rowBits + 1), done.wrapAdd(1)));
            last.set(endsJob);
            lastPosts.set(endsJob.and(current.posts));
        });
        when(pops.or(put.fire()), () -> pending.set(pops));
        when(clear, () -> {
            pending.set(false);
            done.set(0);
        });

        put.valid.set(pending);
        put.bits.row.set(row);
        put.bits.lanes.set(cat(Collections.nCopies(lanes, lit(true))));
        put.bits.words.set(ring.words.word);
        format.set(rowFormat);
        ends.set(put.fire().and(last));
        posts.set(put.fire().and(lastPosts));
        idle.set(pending.not().and(jobs.count.eq(0)));
    }

    /** Rows in so many beats, which are whole rows. */
    static UInt rows(UInt beats, int beatBits, VectorShape shape) {
        int bits = shape.rowBits() + 1;
        int rowBits = shape.rowBytes() * 8;
        UInt rows = rowBits >= beatBits
                ? beats.shr(Log2.exact(rowBits / beatBits))
                : beats.shl(Log2.exact(beatBits / rowBits));
        return rows.width() > bits ? rows.truncate(bits) : rows.extend(bits);
    }
}
