// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.sim.engine.Boxes;
import dev.lutra.sim.engine.Clocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Verilator needs to know of a design.
 *
 * @param top name of the outermost module
 * @param verilog text of each file by its plain file name; {@code .v} is read as Verilog-2005, {@code .sv} as
 *     SystemVerilog
 * @param ports ports of the top in the order the engine numbers them, without clock and reset
 * @param clocks inputs of the top that are clocks, the base clock first; all but {@code clk} are ports as well
 * @param reset the kind of the top's own reset, an input {@code rst} or {@code rst_n}; null: it has none
 * @param foreign whether some of the Verilog is not ours, so that warnings must not stop the build
 */
public record DesignSource(
        String top,
        Map<String, String> verilog,
        List<SourcePort> ports,
        List<String> clocks,
        @Nullable ResetKind reset,
        boolean foreign) {
    /** A design of one clock, an input {@code clk}, or none, and perhaps a synchronous reset {@code rst}. */
    public DesignSource(
            String top, Map<String, String> verilog, List<SourcePort> ports, boolean clocked, boolean resettable) {
        this(top, verilog, ports, clocked ? List.of(OWN_CLOCK) : List.of(), resettable ? ResetKind.SYNC : null, false);
    }

    private static final String OWN_CLOCK = "clk";

    /** Whether the top has an input {@code clk} that is no port. */
    boolean clocked() {
        return clocks.contains(OWN_CLOCK);
    }

    /** A port of the top. */
    public record SourcePort(String name, int width, boolean input, boolean signed) {
        static List<SourcePort> of(Circuit circuit) {
            List<SourcePort> ports = new ArrayList<>();
            for (Port port : circuit.top().ports()) {
                Type type = port.type();
                ports.add(new SourcePort(port.name(), type.width(), port.direction() == Direction.IN, type.signed()));
            }
            return ports;
        }
    }

    public DesignSource {
        verilog = java.util.Collections.unmodifiableMap(new TreeMap<>(verilog));
        ports = List.copyOf(ports);
        clocks = List.copyOf(clocks);
        for (String file : verilog.keySet()) {
            if (!file.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
                throw new IllegalArgumentException("not a plain file name: " + file);
            }
        }
    }

    /**
     * A circuit as the Verilog writer writes it for simulation.
     *
     * @throws dev.lutra.sim.engine.SimulationException if it has a black box with neither model nor Verilog, or one that makes a
     *     clock
     */
    public static DesignSource of(Circuit circuit) {
        Boxes.check(circuit, true);
        Map<String, String> verilog = new TreeMap<>();
        VerilogWriter.writeModels(circuit).forEach(file -> verilog.put(file.name(), file.text()));
        return new DesignSource(
                circuit.top().name(),
                verilog,
                SourcePort.of(circuit),
                Clocks.of(circuit.top()),
                circuit.top().usesReset() ? circuit.top().reset() : null,
                circuit.modules().stream()
                        .anyMatch(m -> m.box() != null && m.box().file() != null));
    }
}
