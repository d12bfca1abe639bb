// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.SimulationException;

/**
 * Reads and writes 32-bit registers of a design through its AXI4-Lite slave port (docs/sim/axi-lite.md). An access takes the
 * cycles it needs; everything else in the simulation goes on meanwhile.
 */
public final class AxiLiteMaster {
    private static final int TIMEOUT_CYCLES = 10_000;
    private static final String[] RESPONSES = {"OKAY", "EXOKAY", "SLVERR", "DECERR"};

    private final Simulator simulator;
    private final Engine engine;
    private final String prefix;
    private final int addressBits;
    private final int awvalid;
    private final int awready;
    private final int awaddr;
    private final int wvalid;
    private final int wready;
    private final int wdata;
    private final int wstrb;
    private final int bvalid;
    private final int bready;
    private final int bresp;
    private final int arvalid;
    private final int arready;
    private final int araddr;
    private final int rvalid;
    private final int rready;
    private final int rdata;
    private final int rresp;

    private long resetEnd = -1;

    AxiLiteMaster(Simulator simulator, Engine engine, PortGroup ports) {
        this.simulator = simulator;
        this.engine = engine;
        prefix = ports.prefix();
        awvalid = ports.input("awvalid", 1);
        awready = ports.output("awready", 1);
        awaddr = ports.input("awaddr");
        wvalid = ports.input("wvalid", 1);
        wready = ports.output("wready", 1);
        wdata = ports.input("wdata", 32);
        wstrb = ports.input("wstrb", 4);
        bvalid = ports.output("bvalid", 1);
        bready = ports.input("bready", 1);
        bresp = ports.output("bresp", 2);
        arvalid = ports.input("arvalid", 1);
        arready = ports.output("arready", 1);
        araddr = ports.input("araddr");
        rvalid = ports.output("rvalid", 1);
        rready = ports.input("rready", 1);
        rdata = ports.output("rdata", 32);
        rresp = ports.output("rresp", 2);
        addressBits = Math.min(ports.width("awaddr"), ports.width("araddr"));
    }

    /**
     * Reads a register.
     *
     * @param address byte address, a multiple of 4
     * @throws SimulationException if the design answers with an error, against the protocol, or not at all
     */
    public int read(long address) {
        start(address);
        engine.poke(arvalid, 1);
        engine.poke(araddr, address);
        engine.poke(rready, 1);
        boolean accepted = false;
        for (int i = 0; i < TIMEOUT_CYCLES; i++) {
            boolean now = !accepted && see(arready, "arready") != 0;
            accepted |= now;
            boolean answered = see(rvalid, "rvalid") != 0;
            int data = answered ? (int) see(rdata, "rdata") : 0;
            int response = answered ? (int) see(rresp, "rresp") : 0;
            engine.step(1);
            if (now) {
                engine.poke(arvalid, 0);
                engine.poke(araddr, 0);
            }
            if (answered) {
                finish(accepted, "read of", address, response, rready);
                return data;
            }
        }
        throw unanswered("read of", address);
    }

    /**
     * Writes a register.
     *
     * @param address byte address, a multiple of 4
     * @throws SimulationException if the design answers with an error, against the protocol, or not at all
     */
    public void write(long address, int value) {
        start(address);
        engine.poke(awvalid, 1);
        engine.poke(awaddr, address);
        engine.poke(wvalid, 1);
        engine.poke(wdata, value);
        engine.poke(wstrb, 15);
        engine.poke(bready, 1);
        boolean addressed = false;
        boolean sent = false;
        for (int i = 0; i < TIMEOUT_CYCLES; i++) {
            boolean addressNow = !addressed && see(awready, "awready") != 0;
            boolean dataNow = !sent && see(wready, "wready") != 0;
            addressed |= addressNow;
            sent |= dataNow;
            boolean answered = see(bvalid, "bvalid") != 0;
            int response = answered ? (int) see(bresp, "bresp") : 0;
            engine.step(1);
            if (addressNow) {
                engine.poke(awvalid, 0);
                engine.poke(awaddr, 0);
            }
            if (dataNow) {
                engine.poke(wvalid, 0);
                engine.poke(wdata, 0);
                engine.poke(wstrb, 0);
            }
            if (answered) {
                finish(addressed && sent, "write to", address, response, bready);
                return;
            }
        }
        throw unanswered("write to", address);
    }

    /** Reset has just ended: A3.1.2 allows no valid before the next edge. */
    void afterReset() {
        resetEnd = engine.cycle();
    }

    private void start(long address) {
        simulator.live();
        if (address < 0 || address % 4 != 0 || address >>> addressBits != 0) {
            throw SimulationException.misuse("register address 0x" + Long.toHexString(address) + " of " + prefix
                    + ": must be a multiple of 4 in " + addressBits + " bits");
        }
        if (engine.cycle() == resetEnd) {
            engine.step(1);
        }
    }

    /** What an output says that decides something. */
    private long see(int port, String name) {
        if (engine.unknown(port)) {
            throw new SimulationException(prefix + "_" + name + " is unknown (x) in cycle " + engine.cycle());
        }
        return engine.peek(port);
    }

    private void finish(boolean accepted, String what, long address, int response, int ready) {
        engine.poke(ready, 0);
        if (!accepted) {
            throw new SimulationException(prefix + ": " + what + " 0x" + Long.toHexString(address)
                    + " was answered before it was accepted, in cycle " + (engine.cycle() - 1));
        }
        if (response != 0) {
            throw new SimulationException(prefix + ": " + what + " 0x" + Long.toHexString(address)
                    + " was answered with " + RESPONSES[response] + " in cycle " + (engine.cycle() - 1));
        }
    }

    private SimulationException unanswered(String what, long address) {
        return new SimulationException(prefix + ": " + what + " 0x" + Long.toHexString(address)
                + " was not answered in " + TIMEOUT_CYCLES + " cycles, in cycle " + engine.cycle());
    }
}
