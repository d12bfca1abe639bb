// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.lib.axi.AxiStream;

/** Watches an AXI4-Stream (IHI 0051): a beat is held until it is taken, and none is offered before reset has ended. */
public final class AxiStreamChecker extends ProtocolChecker {
    /**
     * @param dataBits width of the data
     * @param side whose rules are required; the master sends
     */
    public record Params(int dataBits, Side side) {}

    /** The stream watched. */
    public final AxiStream bus;

    public AxiStreamChecker(Params p) {
        super(p, p.side);
        doc("States the rules of an AXI4-Stream.");
        bus = in(watched(new AxiStream(p.dataBits)));
        channel(true, "T", bus.tvalid, bus.tready, bus.tdata, bus.tkeep, bus.tlast);
    }

    /** Watches a stream in the module whose constructor is running. */
    public static AxiStreamChecker watch(AxiStream bus, Side side) {
        var watcher = new AxiStreamChecker(new Params(bus.tdata.width(), side));
        watcher.bus.set(bus);
        return watcher;
    }
}
