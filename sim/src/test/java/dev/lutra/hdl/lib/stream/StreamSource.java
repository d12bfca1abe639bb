// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.sim.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Feeds random items into a stream, holding each until it is taken. */
final class StreamSource {
    private final Simulator sim;
    private final Decoupled<? extends Data> stream;
    private final LongSupplier items;

    /** What was taken so far. */
    final List<Long> sent = new ArrayList<>();

    private long item;
    private boolean offers;

    StreamSource(Simulator sim, Decoupled<? extends Data> stream, LongSupplier items) {
        this.sim = sim;
        this.stream = stream;
        this.items = items;
    }

    /** Begins a cycle: drives the stream; {@code starts} a new item if none is waiting. */
    void drive(boolean starts) {
        if (!offers && starts) {
            offers = true;
            item = items.getAsLong();
            sim.poke(stream.bits, item);
        }
        sim.poke(stream.valid, offers);
    }

    boolean offers() {
        return offers;
    }

    long item() {
        return item;
    }

    /** Ends a cycle in which everything is driven; whether the item was taken. */
    boolean finish() {
        boolean taken = offers && sim.peekBool(stream.ready);
        if (taken) {
            sent.add(item);
            offers = false;
        }
        return taken;
    }
}
