// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.lib.axi.Axi4;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the five channels of an AXI4 interface (AMBA AXI, IHI 0022) together to bursts: reads complete in the order of their
 * identifier, write data belongs to addresses in order and may be ahead of them. The rules themselves are for
 * {@link dev.lutra.hdl.lib.check.Axi4Checker}; here what fits no burst is a failure.
 */
public final class Axi4Monitor {
    private final int dataWords;
    private final List<Consumer<Axi4Access>> listeners = new ArrayList<>();
    private final Map<Long, Deque<Burst>> reads = new HashMap<>();
    private final Queue<Burst> addressed = new ArrayDeque<>();
    private final Queue<List<Item>> ahead = new ArrayDeque<>();
    private final Map<Long, Deque<Burst>> written = new HashMap<>();
    private List<Item> data = new ArrayList<>();

    private static final class Burst {
        final long address;
        final long id;
        List<Item> beats = new ArrayList<>();
        int response;

        Burst(Item address) {
            this.address = address.get(0);
            this.id = address.get(address.size() - 1);
        }
    }

    Axi4Monitor(Axi4 bus, Bench bench) {
        this(
                bus,
                bench.seed(),
                bench.monitor(readAddress(bus)),
                bench.monitor(readData(bus)),
                bench.monitor(writeAddress(bus)),
                bench.monitor(writeData(bus)),
                bench.monitor(writeResponse(bus)));
    }

    Axi4Monitor(Axi4 bus, long seed, Monitor ar, Monitor r, Monitor aw, Monitor w, Monitor b) {
        dataWords = (bus.rdata.width() + 63) / 64;
        ar.forEach(item -> {
            var burst = new Burst(item);
            reads.computeIfAbsent(burst.id, id -> new ArrayDeque<>()).add(burst);
        });
        r.forEach(item -> read(item, r, seed));
        aw.forEach(item -> {
            addressed.add(new Burst(item));
            match();
        });
        w.forEach(item -> {
            data.add(item);
            if (item.get(item.size() - 1) != 0) {
                ahead.add(data);
                data = new ArrayList<>();
                match();
            }
        });
        b.forEach(item -> {
            Burst burst = first(written, item.get(1), b, seed);
            burst.response = (int) item.get(0);
            finish(written, burst, true, b.lastCycle());
        });
    }

    static Channel readAddress(Axi4 bus) {
        return new Channel(bus.arvalid, bus.arready, List.of(bus.araddr, bus.arlen, bus.arsize, bus.arburst, bus.arid));
    }

    static Channel readData(Axi4 bus) {
        return new Channel(bus.rvalid, bus.rready, List.of(bus.rdata, bus.rresp, bus.rlast, bus.rid));
    }

    static Channel writeAddress(Axi4 bus) {
        return new Channel(bus.awvalid, bus.awready, List.of(bus.awaddr, bus.awlen, bus.awsize, bus.awburst, bus.awid));
    }

    static Channel writeData(Axi4 bus) {
        return new Channel(bus.wvalid, bus.wready, List.of(bus.wdata, bus.wstrb, bus.wlast));
    }

    static Channel writeResponse(Axi4 bus) {
        return new Channel(bus.bvalid, bus.bready, List.of(bus.bresp, bus.bid));
    }

    /** Calls for each burst when it is answered whole. */
    public Axi4Monitor forEach(Consumer<Axi4Access> listener) {
        listeners.add(listener);
        return this;
    }

    /** Bursts whose address was taken and which are not answered yet. */
    public int open() {
        return reads.values().stream().mapToInt(Deque::size).sum()
                + written.values().stream().mapToInt(Deque::size).sum()
                + addressed.size();
    }

    private void read(Item item, Monitor r, long seed) {
        Burst burst = first(reads, item.get(item.size() - 1), r, seed);
        long[] beat = new long[dataWords];
        for (int i = 0; i < dataWords; i++) {
            beat[i] = item.get(i);
        }
        burst.beats.add(Item.of(beat));
        burst.response = Math.max(burst.response, (int) item.get(dataWords));
        if (item.get(dataWords + 1) != 0) {
            finish(reads, burst, false, r.lastCycle());
        }
    }

    /** Data that has its address now. */
    private void match() {
        while (!addressed.isEmpty() && !ahead.isEmpty()) {
            Burst burst = addressed.remove();
            for (Item beat : ahead.remove()) {
                long[] words = new long[beat.size() - 1];
                for (int i = 0; i < words.length; i++) {
                    words[i] = beat.get(i);
                }
                burst.beats.add(Item.of(words));
            }
            written.computeIfAbsent(burst.id, id -> new ArrayDeque<>()).add(burst);
        }
    }

    private static Burst first(Map<Long, Deque<Burst>> open, long id, Monitor channel, long seed) {
        Deque<Burst> queue = open.get(id);
        @Nullable Burst burst = queue == null ? null : queue.peek();
        if (burst == null) {
            throw new BenchFailure(
                    channel.name() + ", cycle " + channel.lastCycle() + ": an answer with identifier " + id
                            + ", of which no burst is open",
                    seed);
        }
        return burst;
    }

    private void finish(Map<Long, Deque<Burst>> open, Burst burst, boolean write, long cycle) {
        Deque<Burst> queue = open.get(burst.id);
        if (queue != null) {
            queue.remove();
        }
        var access = new Axi4Access(write, burst.id, burst.address, burst.beats, burst.response, cycle);
        listeners.forEach(listener -> listener.accept(access));
    }
}
