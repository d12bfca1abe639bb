// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Signal;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Combinational dependencies between the signals of a module, children counted by what their outputs depend on. */
public final class Dependencies {

    private final CombGraph graph;
    private final Map<Signal, Set<Signal>> reads = new HashMap<>();

    private Dependencies(CombGraph graph) {
        this.graph = graph;
    }

    /**
     * The dependencies of each definition of a circuit, made when first asked for. The function takes a definition after
     * all those it instantiates.
     */
    public static Function<Module, Dependencies> of(Circuit circuit) {
        var graphs = new HashMap<Module, CombGraph>();
        return wanted -> {
            for (Module module : circuit.modules()) {
                CombGraph graph = graphs.computeIfAbsent(module, m -> new CombGraph(m, new SignalIndex(m), graphs));
                if (module == wanted) {
                    return new Dependencies(graph);
                }
            }
            throw new IllegalArgumentException(wanted + " is not in the circuit");
        };
    }

    /** The combinational signals, each after those it depends on. */
    public List<Signal> order() {
        return graph.order();
    }

    /** The signals a combinational signal depends on directly; an output of a child depends on inputs of the child. */
    public Set<Signal> reads(Signal signal) {
        return reads.computeIfAbsent(signal, this::collect);
    }

    private Set<Signal> collect(Signal signal) {
        if (signal instanceof InstancePort port && !port.assignable()) {
            return new LinkedHashSet<>(graph.through(port));
        }
        var signals = new LinkedHashSet<Signal>();
        var seen = new HashSet<Expr>();
        var open = new ArrayDeque<Expr>();
        graph.reads(signal).forEach(read -> open.add(read.value()));
        while (!open.isEmpty()) {
            Expr expr = open.pop();
            if (expr instanceof Expr.Ref ref) {
                signals.add(ref.signal());
            } else if (seen.add(expr)) {
                open.addAll(expr.operands());
            }
        }
        return signals;
    }
}
