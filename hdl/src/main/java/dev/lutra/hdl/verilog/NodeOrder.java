// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.pass.Dependencies;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Finds the named expressions and combinational reads a part needs, so that each is declared just before its first use. */
final class NodeOrder {

    private final Map<Signal, Integer> rank = new HashMap<>();
    private final Map<Expr, Node> byValue = new HashMap<>();
    private final Set<Signal> taken = new HashSet<>();
    private final Set<Expr> seen = new HashSet<>();

    NodeOrder(Module module, Supplier<Dependencies> dependencies) {
        boolean reads = module.readPorts().stream().anyMatch(port -> port.latency() == 0);
        for (Signal signal : reads ? dependencies.get().order() : module.nodes()) {
            rank.put(signal, rank.size());
        }
        for (Node node : module.nodes()) {
            if (named(node.value())) {
                byValue.putIfAbsent(node.value(), node);
            }
        }
    }

    /** Whether other uses of the value of a node read the node. */
    static boolean named(Expr value) {
        return !(value instanceof Expr.Ref) && !(value instanceof Expr.Literal);
    }

    /** Nodes and combinational reads that the expressions need and no earlier call returned, each after those it needs. */
    List<Signal> required(Iterable<Expr> roots) {
        var found = new ArrayList<Signal>();
        var open = new ArrayDeque<Expr>();
        for (Expr root : roots) {
            if (root instanceof Expr.Ref ref) {
                take(ref.signal(), found, open); // connections of instances, by the thousand
            } else {
                open.add(root);
            }
        }
        while (!open.isEmpty()) {
            Expr expr = open.pop();
            if (expr instanceof Expr.Ref ref) {
                take(ref.signal(), found, open);
            } else if (!(expr instanceof Expr.Literal) && seen.add(expr)) {
                Node node = byValue.get(expr);
                if (node != null) {
                    take(node, found, open);
                }
                open.addAll(expr.operands());
            }
        }
        if (found.size() > 1) {
            found.sort(Comparator.comparing(rank::get));
        }
        return found;
    }

    private void take(Signal signal, List<Signal> found, ArrayDeque<Expr> open) {
        if (signal instanceof Node node && taken.add(node)) {
            found.add(node);
            open.add(node.value());
        } else if (signal instanceof ReadPort port && port.latency() == 0 && taken.add(port)) {
            found.add(port);
            open.add(port.address());
        }
    }

    /** Whether something needs the signal. */
    boolean taken(Signal signal) {
        return taken.contains(signal);
    }
}
