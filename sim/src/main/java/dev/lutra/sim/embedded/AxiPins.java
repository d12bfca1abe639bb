// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.sim.axi.AxiSignals;
import dev.lutra.sim.engine.AxiPorts;

/** Moves the wires of an AXI4 port between a design and the memory behind it. Absent ports have the number -1. */
final class AxiPins {
    private final PortAccess ports;
    private final AxiPorts numbers;
    private final AxiSignals wires;

    AxiPins(PortAccess ports, AxiPorts numbers, AxiSignals wires) {
        this.ports = ports;
        this.numbers = numbers;
        this.wires = wires;
    }

    /** Takes the design's outputs. */
    void fromDesign() {
        wires.arvalid = bit(numbers.arvalid());
        wires.awvalid = bit(numbers.awvalid());
        wires.wvalid = bit(numbers.wvalid());
        wires.rready = bit(numbers.rready());
        wires.bready = bit(numbers.bready());
        if (wires.arvalid) {
            wires.araddr = get(numbers.araddr());
            wires.arlen = (int) get(numbers.arlen());
            wires.arsize = (int) get(numbers.arsize());
            wires.arburst = (int) get(numbers.arburst());
            wires.arid = (int) get(numbers.arid());
        }
        if (wires.awvalid) {
            wires.awaddr = get(numbers.awaddr());
            wires.awlen = (int) get(numbers.awlen());
            wires.awsize = (int) get(numbers.awsize());
            wires.awburst = (int) get(numbers.awburst());
            wires.awid = (int) get(numbers.awid());
        }
        if (wires.wvalid) {
            ports.get(numbers.wdata(), wires.wdata);
            ports.get(numbers.wstrb(), wires.wstrb);
            wires.wlast = bit(numbers.wlast());
        }
    }

    /** Drives the design's inputs. */
    void toDesign() {
        set(numbers.arready(), wires.arready);
        set(numbers.awready(), wires.awready);
        set(numbers.wready(), wires.wready);
        set(numbers.rvalid(), wires.rvalid);
        if (numbers.rdata() >= 0) {
            ports.set(numbers.rdata(), wires.rdata);
            ports.set(numbers.rresp(), wires.rresp);
            set(numbers.rlast(), wires.rlast);
        }
        if (numbers.rid() >= 0) {
            ports.set(numbers.rid(), wires.rid);
        }
        set(numbers.bvalid(), wires.bvalid);
        if (numbers.bresp() >= 0) {
            ports.set(numbers.bresp(), wires.bresp);
        }
        if (numbers.bid() >= 0) {
            ports.set(numbers.bid(), wires.bid);
        }
    }

    private boolean bit(int port) {
        return get(port) != 0;
    }

    private long get(int port) {
        return port < 0 ? 0 : ports.get(port);
    }

    private void set(int port, boolean value) {
        if (port >= 0) {
            ports.set(port, value ? 1 : 0);
        }
    }
}
