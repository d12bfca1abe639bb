// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.axi;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** The signals of an AXI4-Lite slave with 32-bit data (AMBA AXI, IHI 0022), as seen by the master. */
public final class AxiLite extends Bundle {

    public final Bool awvalid = field(bool());
    public final Bool awready = flipped(bool());
    public final UInt awaddr;
    public final Bool wvalid = field(bool());
    public final Bool wready = flipped(bool());
    public final Bits wdata = field(bits(32));
    public final Bits wstrb = field(bits(4));
    public final Bool bvalid = flipped(bool());
    public final Bool bready = field(bool());
    public final UInt bresp = flipped(uint(2));
    public final Bool arvalid = field(bool());
    public final Bool arready = flipped(bool());
    public final UInt araddr;
    public final Bool rvalid = flipped(bool());
    public final Bool rready = field(bool());
    public final Bits rdata = flipped(bits(32));
    public final UInt rresp = flipped(uint(2));

    /** @param addressBits width of a byte address of the register file */
    public AxiLite(int addressBits) {
        awaddr = field(uint(addressBits));
        araddr = field(uint(addressBits));
    }
}
