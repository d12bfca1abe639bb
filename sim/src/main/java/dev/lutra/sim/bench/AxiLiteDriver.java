// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.lib.axi.AxiLite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Plays an AXI4-Lite master with many accesses in flight: reads in order, writes in order, the two not ordered with each other. For
 * one access at a time, as software does it, there is {@link dev.lutra.sim.AxiLiteMaster}.
 */
public final class AxiLiteDriver {
    private static final int ALL_BYTES = 15;

    private final Source ar;
    private final Sink r;
    private final Source aw;
    private final Source w;
    private final Sink b;
    private final Queue<Long> reads = new ArrayDeque<>();
    private final Queue<long[]> writes = new ArrayDeque<>();
    private final List<Consumer<Access>> listeners = new ArrayList<>();

    /**
     * An access that was answered.
     *
     * @param value read or written, 32 bits
     * @param response 0 OKAY, 2 SLVERR, 3 DECERR
     * @param cycle of the answer
     */
    public record Access(boolean write, long address, long value, int response, long cycle) {}

    AxiLiteDriver(AxiLite bus, Bench bench) {
        ar = bench.source(new Channel(bus.arvalid, bus.arready, List.of(bus.araddr)));
        r = bench.sink(new Channel(bus.rvalid, bus.rready, List.of(bus.rdata, bus.rresp)));
        aw = bench.source(new Channel(bus.awvalid, bus.awready, List.of(bus.awaddr)));
        w = bench.source(new Channel(bus.wvalid, bus.wready, List.of(bus.wdata, bus.wstrb)));
        b = bench.sink(new Channel(bus.bvalid, bus.bready, List.of(bus.bresp)));
        r.forEach(item -> {
            Long address = reads.poll();
            answered(
                    address == null
                            ? null
                            : new Access(
                                    false,
                                    address,
                                    item.get(0),
                                    (int) item.get(1),
                                    r.taken().lastCycle()),
                    r,
                    bench);
        });
        b.forEach(item -> {
            long[] access = writes.poll();
            answered(
                    access == null
                            ? null
                            : new Access(
                                    true,
                                    access[0],
                                    access[1],
                                    (int) item.get(0),
                                    b.taken().lastCycle()),
                    b,
                    bench);
        });
    }

    private void answered(@org.jspecify.annotations.Nullable Access access, Sink channel, Bench bench) {
        if (access == null) {
            throw new BenchFailure(
                    channel.taken().name() + ", cycle " + channel.taken().lastCycle() + ": an answer nobody asked for",
                    bench.seed());
        }
        listeners.forEach(listener -> listener.accept(access));
    }

    /** Gaps of addresses, of write data, and of taking answers. */
    public AxiLiteDriver gaps(Gaps addresses, Gaps data, Gaps answers) {
        ar.gaps(addresses);
        aw.gaps(addresses);
        w.gaps(data);
        r.gaps(answers);
        b.gaps(answers);
        return this;
    }

    /** Calls for each access when it is answered. */
    public AxiLiteDriver forEach(Consumer<Access> listener) {
        listeners.add(listener);
        return this;
    }

    /** Reads a register, at a byte address. */
    public void read(long address) {
        ar.send(address);
        reads.add(address);
    }

    /** Writes all four bytes of a register. */
    public void write(long address, long value) {
        aw.send(address);
        w.send(value, ALL_BYTES);
        writes.add(new long[] {address, value});
    }

    /** Accesses given to this driver and not answered yet. */
    public int open() {
        return reads.size() + writes.size();
    }
}
