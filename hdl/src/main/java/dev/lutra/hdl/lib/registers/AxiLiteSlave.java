// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.axi.AxiLite;

/**
 * AXI4-Lite in front of a {@link RegisterFile}: one write and one read at a time, each answered one cycle after it was taken.
 *
 * <p>Only whole words are written; a partial write is answered with SLVERR and changes nothing.
 */
public final class AxiLiteSlave extends Module {

    /** @param offsetBits width of a byte offset */
    public record Params(int offsetBits) {}

    private static final int SLVERR = 2;

    public final AxiLite bus;
    public final RegisterBus registers;

    public AxiLiteSlave(int offsetBits) {
        super(new Params(offsetBits));
        doc("AXI4-Lite slave in front of registers: one write and one read at a time.");
        doc("Whole words only; a partial write is answered with SLVERR and changes nothing.");
        bus = in(new AxiLite(offsetBits));
        registers = out(new RegisterBus(offsetBits));

        // A write is taken when address and data are both there and the last response is gone.
        Bool responding = reg(bool()).init(false);
        Bool partial = reg(bool());
        Bool whole = bus.wstrb.andR();
        Bool takesWrite = bus.awvalid.and(bus.wvalid).and(responding.not());
        bus.awready.set(takesWrite);
        bus.wready.set(takesWrite);
        bus.bvalid.set(responding);
        bus.bresp.set(mux(partial, lit(SLVERR, 2), lit(0, 2)));
        when(takesWrite, () -> {
                    responding.set(true);
                    partial.set(whole.not());
                })
                .elseWhen(bus.bready, () -> responding.set(false));
        registers.write.set(takesWrite.and(whole));
        registers.writeOffset.set(bus.awaddr);
        registers.writeData.set(bus.wdata.asUInt());

        // A read is taken when the last answer is gone.
        Bool answering = reg(bool()).init(false);
        Bool takesRead = bus.arvalid.and(answering.not());
        bus.arready.set(takesRead);
        bus.rvalid.set(answering);
        bus.rdata.set(registers.readData.asBits());
        bus.rresp.set(0);
        when(takesRead, () -> answering.set(true)).elseWhen(bus.rready, () -> answering.set(false));
        registers.read.set(takesRead);
        registers.readOffset.set(bus.araddr);
    }
}
