// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.axi.Axi4;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches an AXI4 interface: offers are held and none is made before reset has ended; bursts are INCR, not wider than the bus and within
 * 4 KiB; the last beats are marked; strobes are within the transfer; responses belong to the oldest open burst of their ID. The
 * rules and their conditions are those of the simulators' memory (docs/sim/axi-memory.md), except that the data of one write may be
 * ahead of its address. Strobes of data ahead are not looked at.
 */
public final class Axi4Checker extends ProtocolChecker {
    private static final int INCR = 1;
    private static final int EXOKAY = 1;
    private static final int PAGE_BITS = 12;

    /** Beats of the longest burst. */
    private static final int LONGEST = 256;

    private static final int LONGEST_BITS = 9;

    /**
     * @param addressBits width of a byte address
     * @param dataBits width of a beat, a power of two from 8 to 1024
     * @param idBits width of the identifiers
     * @param open bursts of each direction that may be open at a time, at least 2
     * @param side whose rules are required
     */
    public record Params(int addressBits, int dataBits, int idBits, int open, Side side) {
        public Params {
            if (dataBits < 8 || dataBits > 1024 || Integer.bitCount(dataBits) != 1) {
                throw new IllegalArgumentException("AXI4 of " + dataBits + " bits: a power of two from 8 to 1024");
            }
            if (open < 2) {
                throw new IllegalArgumentException("a checker of " + open + " open bursts: at least 2");
            }
        }

        private int dataBytes() {
            return dataBits / 8;
        }

        private int sizeMost() {
            return Integer.numberOfTrailingZeros(dataBytes());
        }
    }

    /** The interface watched. */
    public final Axi4 bus;
    /** Read bursts accepted and not finished. */
    public final UInt reads;
    /** Write bursts accepted and not answered. */
    public final UInt writes;

    public Axi4Checker(Params p) {
        super(p, p.side);
        doc("States the rules of AXI4.");
        bus = in(watched(new Axi4(p.addressBits, p.dataBits, p.idBits)));
        int countBits = 32 - Integer.numberOfLeadingZeros(p.open);
        reads = out(uint(countBits));
        writes = out(uint(countBits));

        channel(true, "AR", bus.arvalid, bus.arready, bus.araddr, bus.arlen, bus.arsize, bus.arburst, bus.arid);
        channel(true, "AW", bus.awvalid, bus.awready, bus.awaddr, bus.awlen, bus.awsize, bus.awburst, bus.awid);
        channel(true, "W", bus.wvalid, bus.wready, bus.wdata, bus.wstrb, bus.wlast);
        channel(false, "R", bus.rvalid, bus.rready, bus.rdata, bus.rresp, bus.rlast, bus.rid);
        channel(false, "B", bus.bvalid, bus.bready, bus.bresp, bus.bid);
        reads(p);
        writes(p);
    }

    private void reads(Params p) {
        Bool accepted = bus.arvalid.and(bus.arready);
        Bool beat = bus.rvalid.and(bus.rready);
        var open = bursts(p, true, accepted, bus.araddr, bus.arlen, bus.arsize, bus.arid);
        open.id.set(bus.rid);
        open.beat.set(beat);
        Bool last = open.burst.left.eq(0);
        open.ends.set(beat.and(last));
        reads.set(open.count);
        address(p, "AR", bus.arvalid, bus.araddr, bus.arlen, bus.arsize, bus.arburst);
        when(accepted, () -> master(open.room, ProtocolRule.TOO_MANY_OPEN, "AR"));
        when(bus.rvalid, () -> {
            slave(open.found, ProtocolRule.UNKNOWN_READ_RESPONSE, "R");
            when(open.found, () -> slave(bus.rlast.eq(last), ProtocolRule.RLAST_WRONG, "R"));
            slave(bus.rresp.ne(EXOKAY), ProtocolRule.EXCLUSIVE_RESPONSE, "R");
        });
    }

    private void writes(Params p) {
        Bool accepted = bus.awvalid.and(bus.awready);
        Bool beat = bus.wvalid.and(bus.wready);
        var open = bursts(p, false, accepted, bus.awaddr, bus.awlen, bus.awsize, bus.awid);
        open.id.set(bus.bid);
        open.beat.set(beat);
        open.ends.set(bus.bvalid.and(bus.bready));
        writes.set(open.count);
        address(p, "AW", bus.awvalid, bus.awaddr, bus.awlen, bus.awsize, bus.awburst);
        when(accepted, () -> master(open.room, ProtocolRule.TOO_MANY_OPEN, "AW"));
        ahead(p, accepted, beat, open);
        when(bus.wvalid.and(open.found), () -> {
            master(bus.wlast.eq(open.burst.left.eq(0)), ProtocolRule.WLAST_WRONG, "W");
            if (p.sizeMost() > 0) {
                master(strobesOutside(p, open.burst).not(), ProtocolRule.STROBE_OUTSIDE, "W");
            }
        });
        when(bus.bvalid, () -> {
            slave(open.answerable, ProtocolRule.UNKNOWN_WRITE_RESPONSE, "B");
            slave(bus.bresp.ne(EXOKAY), ProtocolRule.EXCLUSIVE_RESPONSE, "B");
        });
    }

    /** Data of a burst that is accepted before its address, or with it: counted, and taken off when the address comes. */
    private void ahead(Params p, Bool accepted, Bool beat, OpenBursts open) {
        UInt early = reg(uint(LONGEST_BITS)).init(0);
        Bool ended = reg(bool()).init(false);
        Bool earlyBeat = beat.and(open.found.not());
        when(earlyBeat, () -> {
            master(ended.not(), ProtocolRule.TOO_MANY_OPEN, "W");
            master(early.ne(LONGEST - 1).or(bus.wlast), ProtocolRule.WLAST_WRONG, "W");
        });
        UInt now = early.wrapAdd(earlyBeat.asUInt());
        Bool endedNow = ended.or(earlyBeat.and(bus.wlast));
        early.set(mux(accepted, lit(0, LONGEST_BITS), now));
        ended.set(accepted.not().and(endedNow));
        when(accepted.and(now.ne(0)), () -> {
            Bool fits = mux(endedNow, now.eq(bus.awlen.add(1)), now.le(bus.awlen));
            master(fits, ProtocolRule.WLAST_WRONG, "W");
            open.begun.left.set(bus.awlen.wrapSub(now).truncate(8));
            open.begun.complete.set(endedNow);
            if (p.sizeMost() > 0) {
                UInt lanes =
                        lit(1, p.sizeMost() + 1).shlWrap(bus.awsize).wrapSub(1).truncate(p.sizeMost());
                UInt aligned = bus.awaddr.truncate(p.sizeMost()).and(lanes.not());
                open.begun.lane.set(aligned.wrapAdd(now.shlWrap(bus.awsize).truncate(p.sizeMost())));
            }
        });
    }

    /** The open bursts of a direction, with what begins one connected. */
    private OpenBursts bursts(Params p, boolean reads, Bool accepted, UInt address, UInt length, UInt size, UInt id) {
        int laneBits = Math.max(1, p.sizeMost());
        var open = named(
                new OpenBursts(new OpenBursts.Params(p.open, p.idBits, laneBits, reads)),
                reads ? "open_reads" : "open_writes");
        open.begins.set(accepted);
        open.begun.id.set(id);
        open.begun.left.set(length);
        open.begun.complete.set(false);
        open.begun.lane.set(p.sizeMost() == 0 ? lit(0, 1) : address.truncate(laneBits));
        open.begun.size.set(size);
        return open;
    }

    private void address(Params p, String channel, Bool valid, UInt address, UInt length, UInt size, UInt burst) {
        UInt offset = p.addressBits > PAGE_BITS ? address.truncate(PAGE_BITS) : address;
        UInt inBeat = lit(1, 8).shlWrap(size).wrapSub(1);
        UInt aligned =
                offset.extend(PAGE_BITS).and(inBeat.not().extend(PAGE_BITS).or(0xF00));
        UInt end = aligned.add(length.add(1).shl(size));
        when(valid, () -> {
            master(burst.eq(INCR), ProtocolRule.BURST_KIND, channel);
            if (p.sizeMost() < 7) {
                master(size.le(p.sizeMost()), ProtocolRule.SIZE_TOO_LARGE, channel);
            }
            master(end.le(1 << PAGE_BITS), ProtocolRule.CROSSES_4K, channel);
        });
    }

    /** Whether a strobe marks a byte below the beat's first or above its last. */
    private Bool strobesOutside(Params p, OpenBurst burst) {
        UInt inBeat = lit(1, p.sizeMost() + 1).shlWrap(burst.size).wrapSub(1).truncate(p.sizeMost());
        UInt last = burst.lane.or(inBeat);
        List<Bool> outside = new ArrayList<>();
        for (int i = 0; i < p.dataBytes(); i++) {
            outside.add(bus.wstrb.bit(i).and(burst.lane.gt(i).or(last.lt(i))));
        }
        return cat(outside).orR();
    }

    /**
     * Watches an interface in the module whose constructor is running.
     *
     * @param open bursts of each direction that may be open at a time
     */
    public static Axi4Checker watch(Axi4 bus, int open, Side side) {
        var watcher = new Axi4Checker(new Params(bus.araddr.width(), bus.rdata.width(), bus.arid.width(), open, side));
        watcher.bus.set(bus);
        return watcher;
    }
}
