// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.axi;

/**
 * The wires of an AXI4 port in one cycle, named as in the specification. Data and strobes are words, least significant first.
 * A port without ids, or without one of its directions, leaves those fields 0.
 */
public final class AxiSignals {
    public boolean arvalid;
    public boolean arready;
    public long araddr;
    public int arlen;
    public int arsize;
    public int arburst;
    public int arid;

    public boolean rvalid;
    public boolean rready;
    public final long[] rdata;
    public int rresp;
    public boolean rlast;
    public int rid;

    public boolean awvalid;
    public boolean awready;
    public long awaddr;
    public int awlen;
    public int awsize;
    public int awburst;
    public int awid;

    public boolean wvalid;
    public boolean wready;
    public final long[] wdata;
    public final long[] wstrb;
    public boolean wlast;

    public boolean bvalid;
    public boolean bready;
    public int bresp;
    public int bid;

    /** Bytes of a beat. */
    final int dataBytes;

    /**
     * Idle wires.
     *
     * @param dataBytes bytes of a beat, a power of two
     */
    public AxiSignals(int dataBytes) {
        this.dataBytes = dataBytes;
        rdata = new long[(dataBytes + 7) / 8];
        wdata = new long[(dataBytes + 7) / 8];
        wstrb = new long[(dataBytes + 63) / 64];
    }

    boolean strobe(int lane) {
        return (wstrb[lane >> 6] >>> lane & 1) != 0;
    }
}
