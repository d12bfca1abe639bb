// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * A queue. An item put in is offered in the next cycle; one item in and one out every cycle, without a path from {@code take.ready}
 * to {@code put.ready}. A queue of one entry therefore moves an item every other cycle.
 *
 * @param <T> what is queued
 */
public final class StreamFifo<T extends Data> extends Module {

    /** @param depth entries, at least 1 */
    public record Params(int depth) {
        public Params {
            if (depth < 1) {
                throw new IllegalArgumentException("a queue of " + depth + " entries: at least 1");
            }
        }
    }

    /** Empties the queue; what is put in the same cycle is lost. */
    public final Bool clear = in(bool());

    public final Decoupled<T> put;
    public final Decoupled<T> take;

    /** Entries in use. */
    public final UInt count;

    /**
     * @param type what is queued
     * @param depth entries
     */
    public StreamFifo(T type, int depth) {
        super(new Params(depth), type);
        doc("Queue of " + depth + (depth == 1 ? " entry of " : " entries of ") + type.width() + " bits.");
        put = in(decoupled(like(type)));
        take = out(decoupled(like(type)));
        count = out(uint(32 - Integer.numberOfLeadingZeros(depth)));

        UInt used = reg(uint(count.width())).init(0);
        Bool puts = put.fire();
        Bool takes = take.fire();
        put.ready.set(used.lt(depth));
        take.valid.set(used.ne(0));
        count.set(used);
        when(puts.and(takes.not()), () -> used.set(used.wrapAdd(1)));
        when(takes.and(puts.not()), () -> used.set(used.wrapSub(1)));
        if (depth == 1) {
            T entry = reg(like(type));
            take.bits.set(entry);
            when(puts, () -> entry.set(put.bits));
        } else {
            // Read in the same cycle: a distributed RAM, without a cycle of latency.
            int pointerBits = 32 - Integer.numberOfLeadingZeros(depth - 1);
            UInt writePointer = reg(uint(pointerBits)).init(0);
            UInt readPointer = reg(uint(pointerBits)).init(0);
            Memory<Bits> entries = memory(bits(type.width()), depth);
            take.bits.set(unpack(entries.readAsync(readPointer), like(type)));
            when(puts, () -> {
                entries.write(writePointer, put.bits.asBits());
                writePointer.set(next(writePointer, depth));
            });
            when(takes, () -> readPointer.set(next(readPointer, depth)));
            when(clear, () -> {
                writePointer.set(0);
                readPointer.set(0);
            });
        }
        when(clear, () -> used.set(0));
    }

    private static UInt next(UInt pointer, int depth) {
        UInt above = pointer.wrapAdd(1);
        return 1 << pointer.width() == depth ? above : mux(pointer.eq(depth - 1), lit(0, pointer.width()), above);
    }
}
