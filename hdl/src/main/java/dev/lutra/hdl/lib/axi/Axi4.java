// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.axi;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** The signals of an AXI4 master (AMBA AXI, IHI 0022), as seen by the master; INCR bursts of full-width beats. */
public final class Axi4 extends Bundle {

    private static final int LENGTH_BITS = 8;
    private static final int SIZE_BITS = 3;
    private static final int BURST_BITS = 2;
    private static final int RESPONSE_BITS = 2;

    public final Bool arvalid = field(bool());
    public final Bool arready = flipped(bool());
    public final UInt araddr;
    public final UInt arlen = field(uint(LENGTH_BITS));
    public final UInt arsize = field(uint(SIZE_BITS));
    public final UInt arburst = field(uint(BURST_BITS));
    public final UInt arid;
    public final Bool rvalid = flipped(bool());
    public final Bool rready = field(bool());
    public final Bits rdata;
    public final UInt rresp = flipped(uint(RESPONSE_BITS));
    public final Bool rlast = flipped(bool());
    public final UInt rid;
    public final Bool awvalid = field(bool());
    public final Bool awready = flipped(bool());
    public final UInt awaddr;
    public final UInt awlen = field(uint(LENGTH_BITS));
    public final UInt awsize = field(uint(SIZE_BITS));
    public final UInt awburst = field(uint(BURST_BITS));
    public final UInt awid;
    public final Bool wvalid = field(bool());
    public final Bool wready = flipped(bool());
    public final Bits wdata;
    public final Bits wstrb;
    public final Bool wlast = field(bool());
    public final Bool bvalid = flipped(bool());
    public final Bool bready = field(bool());
    public final UInt bresp = flipped(uint(RESPONSE_BITS));
    public final UInt bid;

    /**
     * @param addressBits width of a byte address
     * @param dataBits width of a beat
     * @param idBits width of the transaction identifiers
     */
    public Axi4(int addressBits, int dataBits, int idBits) {
        araddr = field(uint(addressBits));
        arid = field(uint(idBits));
        rdata = flipped(bits(dataBits));
        rid = flipped(uint(idBits));
        awaddr = field(uint(addressBits));
        awid = field(uint(idBits));
        wdata = field(bits(dataBits));
        wstrb = field(bits(dataBits / 8));
        bid = flipped(uint(idBits));
    }
}
