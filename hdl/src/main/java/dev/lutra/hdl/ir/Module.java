// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a module. Lists are in the order of construction, so a node refers to earlier nodes only.
 *
 * @param name unique in the circuit, a legal Verilog identifier
 * @param className fully qualified Java class
 * @param params the parameter record as text, empty when there is none
 * @param doc prose of the designer, a paragraph per entry
 * @param ports without clock and reset
 * @param body statements in program order; the last assignment on a path wins
 * @param usesClock whether the module or a child holds state of the module's own clock: it then has an input {@code clk}
 * @param usesReset whether the module or a child has a register with a reset value there: it then has an input
 *     {@code rst} or {@code rst_n}
 * @param reset the kind of the module's own reset
 * @param attributes for the tools that read the Verilog, name and value, by the name of a signal, memory or instance; those of
 *     the module itself under the empty name
 * @param box the foreign module that this one stands for, null: it is one of ours. Its {@code usesClock} and {@code usesReset} say
 *     whether the foreign one has ports for them
 */
public record Module(
        String name,
        String className,
        String params,
        List<String> doc,
        List<Port> ports,
        List<Wire> wires,
        List<Node> nodes,
        List<Register> registers,
        List<Memory> memories,
        List<ReadPort> readPorts,
        List<Instance> instances,
        List<Statement> body,
        boolean usesClock,
        boolean usesReset,
        ResetKind reset,
        Map<String, Map<String, String>> attributes,
        @Nullable BlackBox box) {
    /** A module with a synchronous reset, active high. */
    public Module(
            String name,
            String className,
            String params,
            List<String> doc,
            List<Port> ports,
            List<Wire> wires,
            List<Node> nodes,
            List<Register> registers,
            List<Memory> memories,
            List<ReadPort> readPorts,
            List<Instance> instances,
            List<Statement> body,
            boolean usesClock,
            boolean usesReset) {
        this(
                name,
                className,
                params,
                doc,
                ports,
                wires,
                nodes,
                registers,
                memories,
                readPorts,
                instances,
                body,
                usesClock,
                usesReset,
                ResetKind.SYNC,
                Map.of(),
                null);
    }

    public Module {
        doc = List.copyOf(doc);
        ports = List.copyOf(ports);
        wires = List.copyOf(wires);
        nodes = List.copyOf(nodes);
        registers = List.copyOf(registers);
        memories = List.copyOf(memories);
        readPorts = List.copyOf(readPorts);
        instances = List.copyOf(instances);
        body = List.copyOf(body);
        attributes = Map.copyOf(attributes);
    }

    /** The attributes of something by its name. */
    public Map<String, String> attributes(String name) {
        return attributes.isEmpty() ? Map.of() : attributes.getOrDefault(name, Map.of());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "module " + name;
    }
}
