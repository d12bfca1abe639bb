// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.ir.Port;
import dev.lutra.sim.engine.Feed;
import dev.lutra.sim.engine.SimulationException;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;

/** Drives a stream into the design: offers items in order, each until it is taken, with gaps between them. */
public final class Source {
    private final Monitor monitor;
    private final List<Port> payload;
    private final Feed feed;
    private final int valid;
    private final SplittableRandom random;
    private final Queue<long[]> queue = new ArrayDeque<>();
    private Gaps gaps = Gaps.none();

    Source(Monitor monitor, List<Port> payload, Feed feed, int valid, SplittableRandom random) {
        this.monitor = monitor;
        this.payload = payload;
        this.feed = feed;
        this.valid = valid;
        this.random = random;
    }

    /** When it may begin to offer an item; without gaps unless said. */
    public Source gaps(Gaps when) {
        gaps = when;
        return this;
    }

    /**
     * Sends an item after those before it, in some later cycle.
     *
     * @param values the words of an {@link Item}: for narrow ports, the values of the payload's ports in order
     * @throws SimulationException if a value does not fit its port
     */
    public Source send(long... values) {
        if (values.length != monitor.words()) {
            throw SimulationException.misuse("an item of " + values.length + " words for " + monitor.name()
                    + ", which takes " + monitor.fields());
        }
        int word = 0;
        for (Port port : payload) {
            if (Rows.words(port) == 1 && !fits(port, values[word])) {
                throw SimulationException.misuse(
                        values[word] + " does not fit " + port.name() + " (" + port.type() + ", " + port.loc() + "): "
                                + port.type().min() + " to " + port.type().max());
            }
            word += Rows.words(port);
        }
        queue.add(values.clone());
        return this;
    }

    /** Sends an item that came out of another stream of the same payload. */
    public Source send(Item item) {
        return send(item.words());
    }

    private static boolean fits(Port port, long value) {
        int width = port.type().width();
        if (width == 64) {
            return true; // the bits of a word
        }
        return port.type().signed() ? value << 64 - width >> 64 - width == value : value >>> width == 0;
    }

    /** Items not yet taken. */
    public int waiting() {
        return queue.size() + feed.waiting();
    }

    /** What is taken by the design. */
    public Monitor sent() {
        return monitor;
    }

    Feed feed() {
        return feed;
    }

    void fill(LongBuffer rows, int stride, int count, long cycle) {
        while (feed.room() > 0 && !queue.isEmpty()) {
            feed.add(queue.remove());
        }
        for (int i = 0; i < count; i++) {
            rows.put(i * stride + valid, gaps.open(random, cycle + i) ? 1 : 0);
        }
    }
}
