// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/**
 * An AXI4 master that makes every kind of legal burst at random: unaligned, narrow, any ID, data before its address, ready
 * signals that come and go, addresses beyond the memory. {@code bug} makes it break one rule of the protocol.
 */
final class AxiTraffic extends Module {
    static final int ADDRESS_BITS = 16;

    /** @param dataBytes of the bus; at most 64 */
    record Params(int dataBytes) {}

    final UInt bug = in(uint(3));
    final UInt checksum = out(uint(64));

    final Bool m_axi_arvalid = out(bool());
    final Bool m_axi_arready = in(bool());
    final UInt m_axi_araddr = out(uint(ADDRESS_BITS));
    final UInt m_axi_arlen = out(uint(8));
    final UInt m_axi_arsize = out(uint(3));
    final UInt m_axi_arburst = out(uint(2));
    final UInt m_axi_arid = out(uint(4));
    final Bool m_axi_rvalid = in(bool());
    final Bool m_axi_rready = out(bool());
    final UInt m_axi_rdata;
    final UInt m_axi_rresp = in(uint(2));
    final Bool m_axi_rlast = in(bool());
    final UInt m_axi_rid = in(uint(4));
    final Bool m_axi_awvalid = out(bool());
    final Bool m_axi_awready = in(bool());
    final UInt m_axi_awaddr = out(uint(ADDRESS_BITS));
    final UInt m_axi_awlen = out(uint(8));
    final UInt m_axi_awsize = out(uint(3));
    final UInt m_axi_awburst = out(uint(2));
    final UInt m_axi_awid = out(uint(4));
    final Bool m_axi_wvalid = out(bool());
    final Bool m_axi_wready = in(bool());
    final UInt m_axi_wdata;
    final Bits m_axi_wstrb;
    final Bool m_axi_wlast = out(bool());
    final Bool m_axi_bvalid = in(bool());
    final Bool m_axi_bready = out(bool());
    final UInt m_axi_bresp = in(uint(2));
    final UInt m_axi_bid = in(uint(4));

    private final int bytes;
    private final int bytesLog;
    private final UInt random = reg(uint(64)).init(0x9E37_79B9_7F4AL);

    AxiTraffic(Params p) {
        super(p);
        bytes = p.dataBytes();
        bytesLog = Integer.numberOfTrailingZeros(bytes);
        m_axi_rdata = in(uint(8 * bytes));
        m_axi_wdata = out(uint(8 * bytes));
        m_axi_wstrb = out(bits(bytes));

        var left = random.xor(random.shl(13).truncate(64));
        var right = left.xor(left.shr(7));
        random.set(right.xor(right.shl(17).truncate(64)));

        reads();
        writes();
    }

    private UInt size(UInt bits) {
        return bits.min(bytesLog).truncate(3);
    }

    /** A start from which 16 beats stay inside a block of 16 times the bus width; its first beat may be unaligned. */
    private UInt address(UInt size, UInt bits) {
        var mask = lit(1, bytesLog + 1).shlWrap(size).wrapSub(1).truncate(bytesLog);
        var offset = bits.bits(bytesLog - 1, 0).and(mask);
        var block = bits.bits(ADDRESS_BITS - 1, bytesLog + 4);
        return cat(block, lit(0, 4), offset).asUInt();
    }

    private Bool chance(int lowBit, int bits) {
        return random.bits(lowBit + bits - 1, lowBit).eq(0);
    }

    private void reads() {
        var arvalid = reg(bool()).init(false);
        var araddr = reg(uint(ADDRESS_BITS));
        var arlen = reg(uint(4));
        var arsize = reg(uint(3));
        var arid = reg(uint(4));
        var rready = reg(bool()).init(false);
        var sum = reg(uint(64)).init(0);

        var taken = arvalid.and(m_axi_arready);
        when(taken, () -> arvalid.set(false));
        when(arvalid.not().or(taken).and(chance(0, 2)), () -> {
            var size = size(random.bits(4, 2));
            arvalid.set(true);
            arsize.set(size);
            araddr.set(address(size, random.bits(20, 5)));
            arlen.set(random.bits(24, 21));
            arid.set(random.bits(28, 25));
        });
        when(bug.eq(1), () -> arvalid.set(false));
        when(bug.eq(2), () -> araddr.set(araddr.xor(8)));
        m_axi_arvalid.set(arvalid);
        m_axi_araddr.set(mux(bug.eq(5), araddr.or(0xff0), araddr));
        m_axi_arlen.set(arlen);
        m_axi_arsize.set(mux(bug.eq(4), lit(7, 3), arsize));
        m_axi_arburst.set(mux(bug.eq(3), lit(2, 2), lit(1, 2)));
        m_axi_arid.set(arid);

        rready.set(chance(30, 2).not());
        m_axi_rready.set(rready);
        var folded = m_axi_rdata.bits(31, 0);
        for (int low = 32; low < 8 * bytes; low += 32) {
            folded = folded.xor(m_axi_rdata.bits(low + 31, low));
        }
        var beat = folded;
        when(m_axi_rvalid.and(rready), () -> {
            var turned = cat(sum.bits(62, 0), sum.bit(63)).asUInt();
            var tag = cat(m_axi_rresp, m_axi_rlast, m_axi_rid).asUInt();
            sum.set(turned.xor(beat.shl(7).xor(tag)));
        });
        checksum.set(sum);
    }

    private void writes() {
        var awvalid = reg(bool()).init(false);
        var awaddr = reg(uint(ADDRESS_BITS));
        var awlen = reg(uint(4));
        var awsize = reg(uint(3));
        var awid = reg(uint(4));
        var sending = reg(bool()).init(false);
        var at = reg(uint(bytesLog));
        var remaining = reg(uint(4));
        var wvalid = reg(bool()).init(false);
        var wdata = reg(uint(8 * bytes));
        var wstrb = reg(bits(bytes));
        var wlast = reg(bool());
        var bready = reg(bool()).init(false);

        when(awvalid.and(m_axi_awready), () -> awvalid.set(false));
        when(awvalid.not().and(sending.not()).and(wvalid.not()).and(chance(33, 2)), () -> {
            var size = size(random.bits(37, 35));
            var address = address(size, random.bits(53, 38));
            awvalid.set(true);
            awsize.set(size);
            awaddr.set(address);
            awlen.set(random.bits(57, 54));
            awid.set(random.bits(61, 58));
            sending.set(true);
            at.set(address.truncate(bytesLog));
            remaining.set(random.bits(57, 54));
        });
        when(bug.eq(1), () -> awvalid.set(false));
        when(bug.eq(2), () -> awaddr.set(awaddr.xor(8)));
        m_axi_awvalid.set(awvalid);
        m_axi_awaddr.set(mux(bug.eq(5), awaddr.or(0xff0), awaddr));
        m_axi_awlen.set(awlen);
        m_axi_awsize.set(awsize);
        m_axi_awburst.set(1);
        m_axi_awid.set(awid);

        var step = lit(1, bytesLog + 1).shlWrap(awsize);
        var aligned = at.and(step.wrapSub(1).truncate(bytesLog).not());
        var end = aligned.add(step);
        var taken = wvalid.and(m_axi_wready);
        when(taken, () -> wvalid.set(false));
        when(sending.and(wvalid.not().or(taken)).and(chance(12, 1)), () -> {
            wvalid.set(true);
            var data = cat(random, random).asUInt();
            for (int width = 128; width < 8 * bytes; width *= 2) {
                data = cat(data.xor(width), data).asUInt();
            }
            wdata.set(data.truncate(8 * bytes));
            List<Bool> lanes = new ArrayList<>();
            for (int i = bytes - 1; i >= 0; i--) {
                lanes.add(at.le(i).and(end.gt(i)).and(random.bit((i * 7 + 3) % 64)));
            }
            wstrb.set(cat(lanes));
            wlast.set(remaining.eq(0));
            at.set(end.truncate(bytesLog));
            remaining.set(remaining.wrapSub(1));
            when(remaining.eq(0), () -> sending.set(false));
        });
        m_axi_wvalid.set(wvalid);
        m_axi_wdata.set(wdata);
        m_axi_wstrb.set(mux(bug.eq(7), wstrb.not(), wstrb));
        m_axi_wlast.set(wlast.xor(bug.eq(6)));

        bready.set(chance(62, 1));
        m_axi_bready.set(bready);
    }
}
