// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.pass.SignalIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The signals of a module with their identifiers, and those that the writer adds. */
final class Nets {

    private final Names names;
    private final SignalIndex index;
    private final Net[] own;
    private final Map<Instance, String> instances = new HashMap<>();
    private final Map<Signal, Net> added = new HashMap<>();

    Nets(Module module) {
        index = new SignalIndex(module);
        names = new Names(index.size());
        own = new Net[index.size()];
        if (module.usesClock()) {
            names.take("clk");
        }
        if (module.usesReset()) {
            names.take(module.reset().portName());
        }
        int inside = module.instances().isEmpty()
                ? own.length
                : index.first(module.instances().get(0));
        for (int i = 0; i < inside; i++) {
            name(i);
        }
        module.memories().forEach(memory -> names.take(memory.name()));
        var inner = new HashMap<Module, Set<String>>();
        for (Instance instance : module.instances()) {
            // Verilator takes a name of the child that equals the name of the instance for a mistake.
            boolean hidden =
                    inner.computeIfAbsent(instance.module(), Nets::namesIn).contains(instance.name());
            instances.put(instance, names.take(hidden ? "u_" + instance.name() : instance.name()));
        }
        for (int i = inside; i < own.length; i++) {
            name(i);
        }
    }

    private void name(int number) {
        Signal signal = index.at(number);
        own[number] = new Net(signal, names.take(signal.name()));
    }

    private static Set<String> namesIn(Module child) {
        var all = new HashSet<String>();
        child.ports().forEach(port -> all.add(port.name()));
        child.wires().forEach(wire -> all.add(wire.name()));
        child.nodes().forEach(node -> all.add(node.name()));
        child.registers().forEach(register -> all.add(register.name()));
        child.memories().forEach(memory -> all.add(memory.name()));
        child.readPorts().forEach(port -> all.add(port.name()));
        child.instances().forEach(instance -> all.add(instance.name()));
        return all;
    }

    /** What is known of a signal. */
    Net of(Signal signal) {
        Net net = added.isEmpty() || !(signal instanceof Node) ? null : added.get(signal);
        return net != null ? net : own[index.of(signal)];
    }

    /** The ports of an instance, in the order of its module. */
    List<Net> of(Instance instance) {
        int first = index.first(instance);
        List<Port> ports = instance.module().ports();
        var nets = new ArrayList<Net>(ports.size());
        for (int i = 0; i < ports.size(); i++) {
            nets.add(own[first + i]);
        }
        return nets;
    }

    /** All signals of the module itself. */
    Net[] own() {
        return own;
    }

    /** The identifier of an instance. */
    String name(Instance instance) {
        return instances.getOrDefault(instance, instance.name());
    }

    /** A wire for an expression that has no name in the source. */
    Node add(String wanted, Expr value, Loc place) {
        var node = new Node(names.take(wanted), value.type(), value, place);
        added.put(node, new Net(node, node.name()));
        return node;
    }

    /** A fresh identifier. */
    String fresh(String wanted) {
        return names.take(wanted);
    }
}
