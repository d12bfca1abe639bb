// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.axi;

import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.engine.MemoryStatistics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The AXI4 memory of docs/sim/axi-memory.md, which says what each step here means. */
public final class MemoryModel implements AxiMemory {
    private static final int BEAT = 1024;
    private static final int MOST_CREDIT = 2047;
    private static final int SLVERR = 2;
    private static final int DECERR = 3;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final int AR = 0;
    private static final int AW = 1;
    private static final int W = 2;
    private static final int R = 3;
    private static final int B = 4;

    private final MemoryConfig config;
    private final int[] probability;
    private final AxiSignals wires;
    private final ProtocolChecker checker;
    private final ByteBuffer contents;
    private final List<Fault> faults = new ArrayList<>();

    private final Deque<Burst> reads = new ArrayDeque<>();
    private final Deque<Burst> writes = new ArrayDeque<>();
    private long time;
    private int readCredit;
    private int writeCredit;
    private boolean hung;
    private final @Nullable DramBanks banks;
    private boolean readHeld;
    private boolean responseHeld;

    private long readBursts;
    private long readBeats;
    private long writeBursts;
    private long writeBeats;

    private static final class Fault {
        final MemoryFault fault;
        long count;

        Fault(MemoryFault fault) {
            this.fault = fault;
        }

        /** Counts the burst if it matches. */
        boolean fires(boolean read, long first, long last) {
            boolean matches = (read ? fault.reads() : fault.writes()) && last >= fault.from() && first < fault.to();
            if (!matches) {
                return false;
            }
            count++;
            return count >= fault.first() && count - fault.first() < fault.times();
        }
    }

    /**
     * A memory of zeros.
     *
     * @param wires the port it is attached to: it reads the design's outputs there and drives the design's inputs
     * @param prefix of the port, for messages
     */
    public MemoryModel(MemoryConfig config, AxiSignals wires, String prefix) {
        this.config = config;
        this.wires = wires;
        MemoryConfig.Stalls stalls = config.stalls();
        probability = new int[] {stalls.ar(), stalls.aw(), stalls.w(), stalls.r(), stalls.b()};
        checker = new ProtocolChecker(prefix);
        banks = config.dram().rowBytes() == 0 ? null : new DramBanks(config.dram());
        contents = ByteBuffer.allocateDirect((int) config.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public MemoryConfig config() {
        return config;
    }

    @Override
    public ByteBuffer contents() {
        return contents;
    }

    @Override
    public void inject(MemoryFault fault) {
        faults.add(new Fault(fault));
    }

    @Override
    public void clearFaults() {
        faults.clear();
        hung = false;
    }

    @Override
    public MemoryStatistics statistics() {
        return new MemoryStatistics(readBursts, readBeats, writeBursts, writeBeats);
    }

    /** Goes to the initial state and drives idle wires; contents, faults and their counts stay. */
    public void idle() {
        reads.clear();
        writes.clear();
        checker.reset();
        time = 0;
        readCredit = 0;
        writeCredit = 0;
        hung = false;
        if (banks != null) {
            banks.close();
        }
        readHeld = false;
        responseHeld = false;
        readBursts = 0;
        readBeats = 0;
        writeBursts = 0;
        writeBeats = 0;
        wires.arready = false;
        wires.awready = false;
        wires.wready = false;
        noRead();
        noResponse();
    }

    /** Drives the wires of cycle {@code time}: {@code drive(t)} of the specification. */
    public void drive() {
        readCredit = Math.min(readCredit + config.beatsPer1024(), MOST_CREDIT);
        writeCredit = Math.min(writeCredit + config.beatsPer1024(), MOST_CREDIT);
        if (banks != null) {
            banks.advance(time, reads);
        }
        if (!readHeld) {
            Burst head = reads.peekFirst();
            boolean open = head != null && (banks == null || banks.serves(head, time));
            if (!hung && head != null && open && time >= head.readyAt && readCredit >= BEAT && !stalls(R)) {
                readCredit -= BEAT;
                raiseRead(head);
            } else {
                noRead();
            }
        }
        if (!responseHeld) {
            Burst head = writes.peekFirst();
            if (!hung && head != null && head.complete() && time >= head.readyAt && !stalls(B)) {
                wires.bvalid = true;
                wires.bresp = head.response;
                wires.bid = head.id;
            } else {
                noResponse();
            }
        }
        wires.arready = !hung && reads.size() < config.maxReads() && !stalls(AR);
        wires.awready = !hung && writes.size() < config.maxWrites() && !stalls(AW);
        wires.wready = !hung && openWrite() != null && writeCredit >= BEAT && !stalls(W);
    }

    /**
     * Checks the cycle and takes its handshakes: {@code sample(t)} of the specification, and the step to the next cycle.
     *
     * @param cycle number of the cycle for messages
     */
    public void sample(long cycle) {
        checker.sample(wires, cycle);
        readHeld = wires.rvalid && !wires.rready;
        responseHeld = wires.bvalid && !wires.bready;
        if (wires.rvalid && wires.rready) {
            readBeats++;
            Burst head = reads.getFirst();
            head.beat++;
            if (head.complete()) {
                reads.removeFirst();
            }
        }
        if (wires.bvalid && wires.bready) {
            writes.removeFirst();
        }
        if (wires.wvalid && wires.wready) {
            write();
        }
        if (wires.arvalid && wires.arready) {
            readBursts++;
            Burst burst = accept(true, wires.araddr, wires.arlen, wires.arsize, wires.arid);
            burst.readyAt = time + config.latency();
            reads.add(burst);
        }
        if (wires.awvalid && wires.awready) {
            writeBursts++;
            writes.add(accept(false, wires.awaddr, wires.awlen, wires.awsize, wires.awid));
        }
        time++;
    }

    private Burst accept(boolean read, long address, int length, int size, int id) {
        long last = Burst.lastByte(address, length, size);
        int response = last >= config.bytes() ? DECERR : 0;
        for (Fault fault : faults) {
            if (fault.fires(read, address, last)) {
                if (fault.fault.kind() == MemoryFault.Kind.HANG) {
                    hung = true;
                } else if (response == 0) {
                    response = fault.fault.kind() == MemoryFault.Kind.SLVERR ? SLVERR : DECERR;
                }
            }
        }
        return new Burst(address, length, size, id, response);
    }

    private void raiseRead(Burst burst) {
        wires.rvalid = true;
        wires.rresp = burst.response;
        wires.rlast = burst.beat == burst.length;
        wires.rid = burst.id;
        if (burst.response != 0) {
            Arrays.fill(wires.rdata, -1);
        } else {
            int from = (int) (burst.beatAddress() & -wires.dataBytes);
            if (wires.dataBytes < 8) {
                wires.rdata[0] = contents.getInt(from) & 0xFFFF_FFFFL;
            } else {
                for (int k = 0; k < wires.rdata.length; k++) {
                    wires.rdata[k] = contents.getLong(from + 8 * k);
                }
            }
        }
    }

    private void write() {
        writeBeats++;
        writeCredit -= BEAT;
        Burst open = openWrite();
        if (open == null) {
            throw new IllegalStateException("data accepted without an open write");
        }
        if (open.response == 0) {
            int from = (int) (open.beatAddress() & -wires.dataBytes);
            for (int lane = 0; lane < wires.dataBytes; lane++) {
                if (wires.strobe(lane)) {
                    contents.put(from + lane, (byte) (wires.wdata[lane >> 3] >>> 8 * (lane & 7)));
                }
            }
        }
        open.beat++;
        if (open.complete()) {
            open.readyAt = time + config.latency();
        }
    }

    private @Nullable Burst openWrite() {
        for (Burst burst : writes) {
            if (!burst.complete()) {
                return burst;
            }
        }
        return null;
    }

    private void noRead() {
        wires.rvalid = false;
        Arrays.fill(wires.rdata, -1);
        wires.rresp = 3;
        wires.rlast = true;
        wires.rid = -1;
    }

    private void noResponse() {
        wires.bvalid = false;
        wires.bresp = 3;
        wires.bid = -1;
    }

    private boolean stalls(int channel) {
        int p = probability[channel];
        return p > 0 && mix(config.stalls().seed() + GOLDEN * (8 * time + channel + 1)) >>> 54 < p;
    }

    /** The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
