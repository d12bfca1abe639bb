// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * Port numbers of an AXI4 master interface of the design, found by {@code <prefix>_<signal>}. Signal names as in the
 * AXI4 specification (IHI 0022); absent ports are -1: the id signals on all channels together, or
 * all signals of AR and R, or all of AW, W and B.
 *
 * @param dataBytes bytes of a beat, a power of two (4..128)
 */
public record AxiPorts(
        String prefix,
        int dataBytes,
        int arvalid,
        int arready,
        int araddr,
        int arlen,
        int arsize,
        int arburst,
        int arid,
        int rvalid,
        int rready,
        int rdata,
        int rresp,
        int rlast,
        int rid,
        int awvalid,
        int awready,
        int awaddr,
        int awlen,
        int awsize,
        int awburst,
        int awid,
        int wvalid,
        int wready,
        int wdata,
        int wstrb,
        int wlast,
        int bvalid,
        int bready,
        int bresp,
        int bid) {

    /** All ports in this order, as native code takes them. */
    public int[] numbers() {
        return new int[] {
            arvalid, arready, araddr, arlen, arsize, arburst, arid, rvalid, rready, rdata, rresp, rlast, rid, awvalid,
            awready, awaddr, awlen, awsize, awburst, awid, wvalid, wready, wdata, wstrb, wlast, bvalid, bready, bresp,
            bid
        };
    }
}
