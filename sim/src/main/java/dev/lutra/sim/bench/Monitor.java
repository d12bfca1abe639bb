// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.ir.Port;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Sees what crosses a handshake, in order, and that an offer is held until it is taken. */
public class Monitor {
    private final String name;
    private final long seed;
    private final List<Port> payload;
    private final int valid;
    private final int ready;
    private final int first;
    private final int words;
    private final List<Consumer<Item>> listeners = new ArrayList<>();

    private boolean held = true;
    private boolean waited;
    private long[] offer;
    private long[] waiting;
    private long count;
    private long lastCycle = -1;

    Monitor(String name, long seed, List<Port> payload, int valid, int ready, int first) {
        this.name = name;
        this.seed = seed;
        this.payload = payload;
        this.valid = valid;
        this.ready = ready;
        this.first = first;
        words = payload.stream().mapToInt(Rows::words).sum();
        offer = new long[words];
        waiting = new long[words];
    }

    /** Name of the valid port. */
    public String name() {
        return name;
    }

    /** Items handed over so far. */
    public long count() {
        return count;
    }

    /** The cycle of the last one, -1 before the first. */
    public long lastCycle() {
        return lastCycle;
    }

    /** Calls for each item that is handed over, in order. */
    public Monitor forEach(Consumer<Item> listener) {
        listeners.add(listener);
        return this;
    }

    /** Lets offers be withdrawn or changed before they are taken, as combinational sources may. */
    public Monitor withdrawable() {
        held = false;
        return this;
    }

    /** Names of an item's words. */
    List<String> fields() {
        var names = new ArrayList<String>();
        for (Port port : payload) {
            int n = Rows.words(port);
            for (int i = 0; i < n; i++) {
                names.add(n == 1 ? port.name() : port.name() + "[" + (64 * i) + "]");
            }
        }
        return names;
    }

    int words() {
        return words;
    }

    void look(LongBuffer rows, int row, long cycle) {
        boolean offered = rows.get(row + valid) != 0;
        if (!offered && !waited) {
            return;
        }
        for (int i = 0; i < words; i++) {
            offer[i] = rows.get(row + first + i);
        }
        if (held && waited && (!offered || !java.util.Arrays.equals(offer, waiting))) {
            throw new BenchFailure(
                    name + ", cycle " + cycle + ": "
                            + (offered
                                    ? "the offer changes from " + Item.of(waiting) + " to " + Item.of(offer)
                                    : "the offer " + Item.of(waiting) + " is withdrawn")
                            + " before it is taken",
                    seed);
        }
        boolean taken = offered && rows.get(row + ready) != 0;
        waited = offered && !taken;
        if (waited) {
            long[] swap = waiting;
            waiting = offer;
            offer = swap;
        }
        if (taken) {
            count++;
            lastCycle = cycle;
            if (!listeners.isEmpty()) {
                Item item = Item.of(offer);
                listeners.forEach(listener -> listener.accept(item));
            }
        }
    }
}
