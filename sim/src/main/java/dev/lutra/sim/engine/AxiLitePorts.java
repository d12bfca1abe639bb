// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/** Port numbers of an AXI4-Lite slave interface of the design with 32-bit data, found by {@code <prefix>_<signal>}. */
public record AxiLitePorts(
        String prefix,
        int awvalid,
        int awready,
        int awaddr,
        int wvalid,
        int wready,
        int wdata,
        int wstrb,
        int bvalid,
        int bready,
        int bresp,
        int arvalid,
        int arready,
        int araddr,
        int rvalid,
        int rready,
        int rdata,
        int rresp) {}
