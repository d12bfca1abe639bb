// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.sim.axi.AxiSignals;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Both sides of an AXI4 interface, playing at random within the rules: a master with bursts of any kind, a slave that answers out of order. */
final class AxiPlayers {
    private static final int INCR = 1;

    private record Burst(long address, int length, int size, int id) {}

    private static final class Open {
        final Burst burst;
        int beat;

        Open(Burst burst) {
            this.burst = burst;
        }
    }

    private final SplittableRandom random;
    private final int dataBytes;
    private final int addressBits;
    private final int ids;
    private final int open;
    private final boolean ahead;

    private final List<Open> reads = new ArrayList<>();
    private final Deque<Open> toSend = new ArrayDeque<>();
    private final List<Burst> sent = new ArrayList<>();
    private int writes;

    /** The burst whose address comes next; its data may be ahead of it. */
    private @Nullable Open next;

    /** Whether an offer of the last cycle still waits. */
    private boolean arWaits;

    private boolean awWaits;
    private boolean wWaits;
    private boolean rWaits;
    private boolean bWaits;

    /**
     * @param open bursts of each direction at a time
     * @param ahead whether write data may be ahead of its address
     */
    AxiPlayers(SplittableRandom random, int dataBytes, int addressBits, int ids, int open, boolean ahead) {
        this.random = random;
        this.dataBytes = dataBytes;
        this.addressBits = addressBits;
        this.ids = ids;
        this.open = open;
        this.ahead = ahead;
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private Burst burst() {
        int size = random.nextInt(Integer.numberOfTrailingZeros(dataBytes) + 1);
        int length = random.nextInt(chance(8) ? 256 : 6);
        long address = random.nextLong(1L << addressBits);
        long page = address & -4096;
        long aligned = address >> size << size;
        if (aligned + ((length + 1L) << size) > page + 4096) {
            length = (int) ((page + 4096 - aligned >> size) - 1);
        }
        if (chance(4)) { // up to the page's end
            length = (int) Math.min(255, (page + 4096 - aligned >> size) - 1);
        }
        return new Burst(address, length, size, random.nextInt(ids));
    }

    /** Drives a cycle. */
    void drive(AxiSignals s) {
        if (!arWaits) {
            Burst b = burst();
            s.arvalid = reads.size() < open && chance(3);
            s.araddr = b.address;
            s.arlen = b.length;
            s.arsize = b.size;
            s.arburst = INCR;
            s.arid = b.id;
        }
        if (!awWaits) {
            if (next == null) {
                next = new Open(burst());
            }
            Burst b = next.burst;
            s.awvalid = writes < open && chance(3);
            s.awaddr = b.address;
            s.awlen = b.length;
            s.awsize = b.size;
            s.awburst = INCR;
            s.awid = b.id;
        }
        if (!wWaits) {
            Open head = sending();
            s.wvalid = head != null && !chance(4);
            s.wdata[0] = random.nextLong(1L << 32);
            if (head != null) {
                long start = head.beat == 0
                        ? head.burst.address
                        : (head.burst.address >> head.burst.size << head.burst.size)
                                + ((long) head.beat << head.burst.size);
                int from = (int) (start % dataBytes);
                int to = (from >> head.burst.size << head.burst.size) + (1 << head.burst.size);
                s.wstrb[0] = random.nextLong() & (1L << to) - (1L << from);
                s.wlast = head.beat == head.burst.length;
            }
        }
        if (!rWaits) {
            Open next = reads.isEmpty() ? null : firstOfItsId(reads.get(random.nextInt(reads.size())));
            s.rvalid = next != null && !chance(4);
            s.rdata[0] = random.nextLong(1L << 32);
            s.rresp = chance(9) ? 2 : 0;
            if (next != null) {
                s.rid = next.burst.id;
                s.rlast = next.beat == next.burst.length;
            }
        }
        if (!bWaits) {
            s.bvalid = !sent.isEmpty() && chance(2);
            s.bresp = chance(9) ? 3 : 0;
            if (s.bvalid) {
                s.bid = sent.get(random.nextInt(sent.size())).id;
            }
        }
        s.arready = chance(2);
        s.awready = chance(2);
        s.wready = (ahead || !toSend.isEmpty()) && !chance(4);
        s.rready = !chance(4);
        s.bready = chance(2);
    }

    /** The burst that the next data beat belongs to, if it may be sent. */
    private @Nullable Open sending() {
        if (!toSend.isEmpty()) {
            return toSend.element();
        }
        return ahead && next != null && next.beat <= next.burst.length ? next : null;
    }

    private Open firstOfItsId(Open of) {
        return reads.stream()
                .filter(read -> read.burst.id == of.burst.id)
                .findFirst()
                .orElse(of);
    }

    /** Takes the handshakes of the cycle. */
    void take(AxiSignals s) {
        if (s.rvalid && s.rready) {
            Open read =
                    reads.stream().filter(r -> r.burst.id == s.rid).findFirst().orElseThrow();
            if (read.beat++ == read.burst.length) {
                reads.remove(read);
            }
        }
        if (s.bvalid && s.bready) {
            sent.remove(sent.stream().filter(b -> b.id == s.bid).findFirst().orElseThrow());
            writes--;
        }
        if (s.wvalid && s.wready) {
            Open head = Objects.requireNonNull(sending());
            if (head.beat++ == head.burst.length && head != next) {
                sent.add(toSend.remove().burst);
            }
        }
        if (s.arvalid && s.arready) {
            reads.add(new Open(new Burst(s.araddr, s.arlen, s.arsize, s.arid)));
        }
        if (s.awvalid && s.awready) {
            Open addressed = Objects.requireNonNull(next);
            if (addressed.beat > addressed.burst.length) {
                sent.add(addressed.burst);
            } else {
                toSend.add(addressed);
            }
            next = null;
            writes++;
        }
        arWaits = s.arvalid && !s.arready;
        awWaits = s.awvalid && !s.awready;
        wWaits = s.wvalid && !s.wready;
        rWaits = s.rvalid && !s.rready;
        bWaits = s.bvalid && !s.bready;
    }
}
