// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;

/**
 * A queue from one clock to another. Each side knows the other's pointer in Gray code, of which one bit changes at a time, so that
 * what is taken across is the pointer of before or after (Cummings, "Simulation and Synthesis Techniques for Asynchronous FIFO
 * Design", SNUG 2002, style 1).
 *
 * @param <T> what is queued
 */
public final class AsyncFifo<T extends Data> extends Module {
    /**
     * @param depth words, a power of two, at least 4
     * @param reset kind of the reset of the reading side
     */
    public record Params(int depth, ResetKind reset) {
        public Params {
            if (depth < 4 || Integer.bitCount(depth) != 1) {
                throw new IllegalArgumentException("a queue of depth " + depth + ": a power of two from 4 on");
            }
        }
    }

    /** The clock of the reading side. */
    public final Clock clock = in(clock());
    /** Its reset; both sides must be reset together. */
    public final Reset reset;
    /** Written by the module's own clock. */
    public final Decoupled<T> in;
    /** Read by {@link #clock}. */
    public final Decoupled<T> out;

    /**
     * A queue from the module's own clock to another.
     *
     * @param type what is queued
     */
    public AsyncFifo(T type, Params p) {
        super(p, type);
        reset = in(reset(p.reset()));
        in = in(decoupled(like(type)));
        out = out(decoupled(like(type)));
        doc("A queue of " + p.depth() + " words between two clocks, with pointers in Gray code.");
        int log = Integer.numberOfTrailingZeros(p.depth());
        var reader = domain(clock, reset);

        var words = memory(bits(type.width()), p.depth());
        var writeGray = reg(uint(log + 1)).init(0);
        var readGray = reg(uint(log + 1), reader).init(0);

        var write = reg(uint(log + 1)).init(0);
        var readSeen = seen(readGray);
        // Full: the write pointer is a whole round ahead, which in Gray code turns the two top bits over.
        var round = readSeen.xor(lit(3L << (log - 1), log + 1));
        in.ready.set(writeGray.ne(round));
        when(in.fire(), () -> {
            words.write(write.truncate(log), in.bits.asBits());
            var next = write.wrapAdd(1);
            write.set(next);
            writeGray.set(gray(next));
        });

        reader.use(() -> {
            var read = reg(uint(log + 1)).init(0);
            var writeSeen = seen(writeGray);
            var word = reg(bits(type.width()));
            var valid = reg(bool()).init(false);
            Bool take = readGray.ne(writeSeen).and(valid.not().or(out.ready));
            when(out.fire(), () -> valid.set(false));
            when(take, () -> {
                // Written before its pointer was, and not written again before the read pointer is seen there.
                word.set(crossing(words.readAsync(read.truncate(log))));
                valid.set(true);
                var next = read.wrapAdd(1);
                read.set(next);
                readGray.set(gray(next));
            });
            out.valid.set(valid);
            out.bits.set(unpack(word, like(type)));
        });
    }

    /** A pointer of the other side, two registers later. */
    private UInt seen(UInt pointer) {
        var first = reg(uint(pointer.width())).init(0);
        var second = reg(uint(pointer.width())).init(0);
        attribute(first, "async_reg", "true");
        attribute(second, "async_reg", "true");
        first.set(crossing(pointer));
        second.set(first);
        return second;
    }

    private static UInt gray(UInt binary) {
        return binary.xor(binary.shr(1));
    }
}
