// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.axi.AxiLite;

/**
 * Watches an AXI4-Lite interface: offers are held, none is made before reset has ended, a response answers an access that was
 * accepted in an earlier cycle (a write: address and data, in either order), and none is EXOKAY.
 */
public final class AxiLiteChecker extends ProtocolChecker {
    private static final int EXOKAY = 1;

    /**
     * @param addressBits width of a byte address
     * @param open accesses of each direction that may be open at a time, at least 1
     * @param side whose rules are required
     */
    public record Params(int addressBits, int open, Side side) {
        public Params {
            if (open < 1) {
                throw new IllegalArgumentException("a checker of " + open + " open accesses: at least 1");
            }
        }
    }

    /** The interface watched. */
    public final AxiLite bus;
    /** Reads accepted and not answered. */
    public final UInt reads;
    /** Write addresses accepted and not answered. */
    public final UInt writeAddresses;
    /** Write data accepted and not answered. */
    public final UInt writeData;

    private final int open;

    public AxiLiteChecker(Params p) {
        super(p, p.side);
        doc("States the rules of AXI4-Lite.");
        open = p.open;
        bus = in(watched(new AxiLite(p.addressBits)));
        int countBits = 32 - Integer.numberOfLeadingZeros(p.open);
        reads = out(uint(countBits));
        writeAddresses = out(uint(countBits));
        writeData = out(uint(countBits));
        channel(true, "AR", bus.arvalid, bus.arready, bus.araddr);
        channel(false, "R", bus.rvalid, bus.rready, bus.rdata, bus.rresp);
        channel(true, "AW", bus.awvalid, bus.awready, bus.awaddr);
        channel(true, "W", bus.wvalid, bus.wready, bus.wdata, bus.wstrb);
        channel(false, "B", bus.bvalid, bus.bready, bus.bresp);

        reads.set(count(bus.arvalid.and(bus.arready), bus.rvalid.and(bus.rready), "AR"));
        when(bus.rvalid, () -> {
            slave(reads.ne(0), ProtocolRule.UNKNOWN_READ_RESPONSE, "R");
            slave(bus.rresp.ne(EXOKAY), ProtocolRule.EXCLUSIVE_RESPONSE, "R");
        });

        Bool answered = bus.bvalid.and(bus.bready);
        writeAddresses.set(count(bus.awvalid.and(bus.awready), answered, "AW"));
        writeData.set(count(bus.wvalid.and(bus.wready), answered, "W"));
        when(bus.bvalid, () -> {
            slave(writeAddresses.ne(0).and(writeData.ne(0)), ProtocolRule.UNKNOWN_WRITE_RESPONSE, "B");
            slave(bus.bresp.ne(EXOKAY), ProtocolRule.EXCLUSIVE_RESPONSE, "B");
        });
    }

    /** Accesses begun and not ended. */
    private UInt count(Bool begins, Bool ends, String channel) {
        UInt count = reg(uint(reads.width())).init(0);
        when(begins.and(ends.not()), () -> {
            master(count.lt(open), ProtocolRule.TOO_MANY_OPEN, channel);
            count.set(count.wrapAdd(1));
        });
        when(ends.and(begins.not()).and(count.ne(0)), () -> count.set(count.wrapSub(1)));
        return count;
    }

    /**
     * Watches an interface in the module whose constructor is running.
     *
     * @param open accesses of each direction that may be open at a time
     */
    public static AxiLiteChecker watch(AxiLite bus, int open, Side side) {
        var watcher = new AxiLiteChecker(new Params(bus.araddr.width(), open, side));
        watcher.bus.set(bus);
        return watcher;
    }
}
