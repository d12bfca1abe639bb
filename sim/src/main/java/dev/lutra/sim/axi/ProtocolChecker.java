// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.axi;

import dev.lutra.hdl.lib.check.ProtocolRule;
import dev.lutra.sim.engine.AxiViolation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Watches an AXI4 port cycle by cycle and throws at the first violation of a rule of {@link ProtocolRule} (docs/sim/axi-memory.md,
 * section Protocol checker). Needs nothing but the wires, so it can also stand between a design and any other slave.
 */
public final class ProtocolChecker {
    private static final int INCR = 1;

    private final String prefix;
    private final Deque<Burst> reads = new ArrayDeque<>();
    private final Deque<Burst> writes = new ArrayDeque<>();
    private final Held ar = new Held("AR");
    private final Held aw = new Held("AW");
    private final Held w = new Held("W");
    private final Held r = new Held("R");
    private final Held b = new Held("B");
    private long cycle;

    /** Watches the port with this prefix, which messages name. */
    public ProtocolChecker(String prefix) {
        this.prefix = prefix;
    }

    /** Forgets everything, as reset does. */
    public void reset() {
        reads.clear();
        writes.clear();
        for (Held held : new Held[] {ar, aw, w, r, b}) {
            held.payload = null;
        }
    }

    /**
     * Checks a cycle and takes its handshakes.
     *
     * @param cycle number of the cycle, for the message
     * @throws AxiViolation at a violation; the checker's state is then as before the call
     */
    public void sample(AxiSignals s, long cycle) {
        this.cycle = cycle;
        long[] arNow = {s.araddr, s.arlen, s.arsize, s.arburst, s.arid};
        long[] awNow = {s.awaddr, s.awlen, s.awsize, s.awburst, s.awid};
        long[] wNow = payload(s.wlast ? 1 : 0, 0, s.wdata, s.wstrb);
        long[] rNow = payload(s.rlast ? 1 : 0, s.rid | (long) s.rresp << 32, s.rdata);
        long[] bNow = {s.bid, s.bresp};

        address(ar, s.arvalid, arNow, s.dataBytes);
        address(aw, s.awvalid, awNow, s.dataBytes);
        writeData(s, wNow);
        readData(s, rNow);
        response(s, bNow);

        ar.keep(s.arvalid && !s.arready, arNow);
        aw.keep(s.awvalid && !s.awready, awNow);
        w.keep(s.wvalid && !s.wready, wNow);
        r.keep(s.rvalid && !s.rready, rNow);
        b.keep(s.bvalid && !s.bready, bNow);
        handshakes(s);
    }

    /** What a channel offered in the last cycle without being accepted. */
    private static final class Held {
        final String channel;
        long @Nullable [] payload;

        Held(String channel) {
            this.channel = channel;
        }

        void keep(boolean waiting, long[] now) {
            payload = waiting ? now : null;
        }
    }

    private static long[] payload(long first, long second, long[]... words) {
        int length = 2;
        for (long[] part : words) {
            length += part.length;
        }
        long[] result = new long[length];
        result[0] = first;
        result[1] = second;
        int at = 2;
        for (long[] part : words) {
            System.arraycopy(part, 0, result, at, part.length);
            at += part.length;
        }
        return result;
    }

    private void address(Held held, boolean valid, long[] now, int dataBytes) {
        stable(held, valid, now, valid || held.payload == null ? now[0] : held.payload[0], (int)
                (valid || held.payload == null ? now[4] : held.payload[4]));
        if (!valid) {
            return;
        }
        int length = (int) now[1];
        int size = (int) now[2];
        int id = (int) now[4];
        if (now[3] != INCR) {
            throw violation(ProtocolRule.BURST_KIND, held, now[0], id);
        }
        if (1 << size > dataBytes) {
            throw violation(ProtocolRule.SIZE_TOO_LARGE, held, now[0], id);
        }
        if (now[0] >>> 12 != Burst.lastByte(now[0], length, size) >>> 12) {
            throw violation(ProtocolRule.CROSSES_4K, held, now[0], id);
        }
    }

    private void writeData(AxiSignals s, long[] now) {
        Burst open = openWrite();
        long address = open == null ? 0 : open.beatAddress();
        int id = open == null ? 0 : open.id;
        stable(w, s.wvalid, now, address, id);
        if (!s.wvalid) {
            return;
        }
        if (open == null) {
            if (s.wready) {
                throw violation(ProtocolRule.DATA_BEFORE_ADDRESS, w, 0, 0);
            }
            return;
        }
        if (s.wlast != (open.beat == open.length)) {
            throw violation(ProtocolRule.WLAST_WRONG, w, address, id);
        }
        int first = (int) (address & (s.dataBytes - 1));
        int end = (int) (Burst.aligned(address, open.size) & (s.dataBytes - 1)) + (1 << open.size);
        for (int lane = 0; lane < s.dataBytes; lane++) {
            if (s.strobe(lane) && (lane < first || lane >= end)) {
                throw violation(ProtocolRule.STROBE_OUTSIDE, w, address, id);
            }
        }
    }

    private void readData(AxiSignals s, long[] now) {
        Burst burst = s.rvalid ? oldest(reads, s.rid) : null;
        long address = burst == null ? 0 : burst.beatAddress();
        stable(r, s.rvalid, now, address, s.rid);
        if (!s.rvalid) {
            return;
        }
        if (burst == null) {
            throw violation(ProtocolRule.UNKNOWN_READ_RESPONSE, r, 0, s.rid);
        }
        if (s.rlast != (burst.beat == burst.length)) {
            throw violation(ProtocolRule.RLAST_WRONG, r, address, s.rid);
        }
    }

    private void response(AxiSignals s, long[] now) {
        Burst burst = s.bvalid ? oldest(writes, s.bid) : null;
        stable(b, s.bvalid, now, burst == null ? 0 : burst.address, s.bid);
        if (s.bvalid && (burst == null || !burst.complete())) {
            throw violation(ProtocolRule.UNKNOWN_WRITE_RESPONSE, b, burst == null ? 0 : burst.address, s.bid);
        }
    }

    private void stable(Held held, boolean valid, long[] now, long address, int id) {
        if (held.payload == null) {
            return;
        }
        if (!valid) {
            throw violation(ProtocolRule.VALID_DROPPED, held, address, id);
        }
        if (!Arrays.equals(held.payload, now)) {
            throw violation(ProtocolRule.PAYLOAD_CHANGED, held, address, id);
        }
    }

    private void handshakes(AxiSignals s) {
        if (s.rvalid && s.rready) {
            Burst burst = oldest(reads, s.rid);
            if (burst != null) {
                burst.beat++;
                if (burst.complete()) {
                    reads.remove(burst);
                }
            }
        }
        if (s.bvalid && s.bready) {
            Burst burst = oldest(writes, s.bid);
            if (burst != null) {
                writes.remove(burst);
            }
        }
        if (s.wvalid && s.wready) {
            Burst open = openWrite();
            if (open != null) {
                open.beat++;
            }
        }
        if (s.arvalid && s.arready) {
            reads.add(new Burst(s.araddr, s.arlen, s.arsize, s.arid, 0));
        }
        if (s.awvalid && s.awready) {
            writes.add(new Burst(s.awaddr, s.awlen, s.awsize, s.awid, 0));
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

    private static @Nullable Burst oldest(Deque<Burst> bursts, int id) {
        for (Burst burst : bursts) {
            if (burst.id == id) {
                return burst;
            }
        }
        return null;
    }

    private AxiViolation violation(ProtocolRule rule, Held held, long address, int id) {
        return new AxiViolation(rule, prefix, held.channel, cycle, address, id);
    }
}
