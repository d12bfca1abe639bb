// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ports of a module whose names start with a prefix and an underscore, found by the rest of their names. */
final class PortGroup {
    private final String module;
    private final String prefix;
    private final List<Port> ports;
    private final Map<String, Integer> numbers = new HashMap<>();

    PortGroup(Module module, String prefix) {
        this.module = module.name();
        this.prefix = prefix;
        this.ports = module.ports();
        for (int i = 0; i < ports.size(); i++) {
            String name = ports.get(i).name();
            if (name.startsWith(prefix + "_")) {
                numbers.put(name.substring(prefix.length() + 1), i);
            }
        }
        if (numbers.isEmpty()) {
            throw SimulationException.misuse(module.name() + " has no ports " + prefix + "_*");
        }
    }

    String prefix() {
        return prefix;
    }

    boolean has(String signal) {
        return numbers.containsKey(signal);
    }

    /** The number of an output of the design. */
    int output(String signal, int width) {
        return find(signal, Direction.OUT, width);
    }

    /** The number of an input of the design. */
    int input(String signal, int width) {
        return find(signal, Direction.IN, width);
    }

    /** The number of an output of any width. */
    int output(String signal) {
        return find(signal, Direction.OUT, 0);
    }

    int input(String signal) {
        return find(signal, Direction.IN, 0);
    }

    int width(String signal) {
        return ports.get(find(signal)).type().width();
    }

    private int find(String signal) {
        Integer number = numbers.get(signal);
        if (number == null) {
            throw SimulationException.misuse(module + " has no port " + prefix + "_" + signal);
        }
        return number;
    }

    private int find(String signal, Direction direction, int width) {
        int number = find(signal);
        Port port = ports.get(number);
        if (port.direction() != direction || width > 0 && port.type().width() != width) {
            String wanted = (direction == Direction.IN ? "an input" : "an output")
                    + (width > 0 ? " of " + width + (width == 1 ? " bit" : " bits") : "");
            throw SimulationException.misuse(
                    port.name() + " of " + module + " (" + port + ", " + port.loc() + ") must be " + wanted);
        }
        return number;
    }

    /** The AXI4 master port of this prefix; missing parts are -1 as {@link AxiPorts} allows. */
    AxiPorts axi(MemoryConfig config) {
        boolean reads = has("arvalid");
        boolean writes = has("awvalid");
        if (!reads && !writes) {
            throw SimulationException.misuse(module + " has neither " + prefix + "_arvalid nor " + prefix + "_awvalid");
        }
        int dataBits = width(reads ? "rdata" : "wdata");
        int dataBytes = dataBits / 8;
        if (dataBits % 8 != 0 || Integer.bitCount(dataBytes) != 1 || dataBytes < 4 || dataBytes > 128) {
            throw SimulationException.misuse(
                    "data of " + prefix + " has " + dataBits + " bits: a power of two from 32 to 1024 is served");
        }
        if (config.bytes() % dataBytes != 0) {
            throw SimulationException.misuse("memory of " + config.bytes() + " bytes behind " + prefix
                    + ": must be a multiple of the bus's " + dataBytes);
        }
        boolean ids = has("arid") || has("awid");
        return new AxiPorts(
                prefix,
                dataBytes,
                reads ? output("arvalid", 1) : -1,
                reads ? input("arready", 1) : -1,
                reads ? output("araddr") : -1,
                reads ? output("arlen", 8) : -1,
                reads ? output("arsize", 3) : -1,
                reads ? output("arburst", 2) : -1,
                reads && ids ? output("arid") : -1,
                reads ? input("rvalid", 1) : -1,
                reads ? output("rready", 1) : -1,
                reads ? input("rdata", dataBits) : -1,
                reads ? input("rresp", 2) : -1,
                reads ? input("rlast", 1) : -1,
                reads && ids ? input("rid") : -1,
                writes ? output("awvalid", 1) : -1,
                writes ? input("awready", 1) : -1,
                writes ? output("awaddr") : -1,
                writes ? output("awlen", 8) : -1,
                writes ? output("awsize", 3) : -1,
                writes ? output("awburst", 2) : -1,
                writes && ids ? output("awid") : -1,
                writes ? output("wvalid", 1) : -1,
                writes ? input("wready", 1) : -1,
                writes ? output("wdata", dataBits) : -1,
                writes ? output("wstrb", dataBytes) : -1,
                writes ? output("wlast", 1) : -1,
                writes ? input("bvalid", 1) : -1,
                writes ? output("bready", 1) : -1,
                writes ? input("bresp", 2) : -1,
                writes && ids ? input("bid") : -1);
    }
}
