// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A queue of commands: in order, no bubble between entries, an entry is visible one cycle after it was put in. */
final class Fifo extends Module {

    /**
     * @param bits width of an entry
     * @param depth entries, a power of two
     */
    record Params(int bits, int depth) {}

    final Bool clear = in(bool());
    final Decoupled<Bits> put;
    final Decoupled<Bits> take;
    final Bool empty = out(bool());

    Fifo(Params p) {
        super(p);
        doc("Queue of " + p.depth + " commands of " + p.bits + " bits.");
        put = in(decoupled(bits(p.bits)));
        take = out(decoupled(bits(p.bits)));
        UInt count = reg(uint(Log2.bitsFor(p.depth))).init(0);
        Bool puts = put.fire();
        Bool takes = take.fire();
        put.ready.set(count.lt(p.depth));
        take.valid.set(count.ne(0));
        empty.set(count.eq(0));
        when(puts.and(takes.not()), () -> count.set(count.wrapAdd(1)));
        when(takes.and(puts.not()), () -> count.set(count.wrapSub(1)));
        if (p.depth == 1) {
            Bits entry = reg(bits(p.bits));
            take.bits.set(entry);
            when(puts, () -> entry.set(put.bits));
        } else {
            // A distributed RAM: the entry at the read pointer is visible without a cycle of latency.
            UInt writePointer = reg(uint(Log2.exact(p.depth))).init(0);
            UInt readPointer = reg(uint(Log2.exact(p.depth))).init(0);
            Memory<Bits> entries = memory(bits(p.bits), p.depth);
            take.bits.set(entries.readAsync(readPointer));
            when(puts, () -> {
                entries.write(writePointer, put.bits);
                writePointer.set(writePointer.wrapAdd(1));
            });
            when(takes, () -> readPointer.set(readPointer.wrapAdd(1)));
            when(clear, () -> {
                writePointer.set(0);
                readPointer.set(0);
            });
        }
        when(clear, () -> count.set(0));
    }
}
