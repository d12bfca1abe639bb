// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Combinational dependencies within one module. Children count by what their outputs depend on, so a circuit is analysed
 * definition by definition, children first. A depth-first search over signals and expressions alike: each is visited
 * once, however often it is shared, and no recursion follows the depth of the logic.
 */
final class CombGraph {

    private static final BitSet NONE = new BitSet(0);

    private final Map<Module, CombGraph> children;
    private final SignalIndex index;
    private final List<Drivers.Read>[] reads;
    private final List<Port> inputs = new ArrayList<>();
    private final List<Signal> order = new ArrayList<>();
    private final List<List<Signal>> loops = new ArrayList<>();
    private final Map<Port, List<Port>> paths = new LinkedHashMap<>();

    /** A signal or expression under way or done. */
    private static final class Vertex {
        final Object subject;
        final List<?> next;
        int at;
        boolean done;
        BitSet inputs = NONE;

        Vertex(Object subject, List<?> next) {
            this.subject = subject;
            this.next = next;
        }
    }

    /**
     * Analyses a module.
     *
     * @param children the graphs of all definitions it instantiates
     */
    CombGraph(Module module, SignalIndex index, Map<Module, CombGraph> children) {
        this.children = children;
        this.index = index;
        this.reads = Drivers.of(module, index);
        var search = new Search(module);
        for (int i = 0; i < reads.length; i++) {
            if (reads[i] != null && search.signals[i] == null) {
                search.visit(i);
            }
        }
        for (Port port : module.ports()) {
            Vertex vertex = search.signals[index.of(port)];
            if (port.direction() == Direction.OUT && vertex != null && !vertex.inputs.isEmpty()) {
                paths.put(port, vertex.inputs.stream().mapToObj(inputs::get).toList());
            }
        }
    }

    /** Combinational signals, each after those it depends on. */
    List<Signal> order() {
        return order;
    }

    /** Loops: each signal depends on the one before it, the first one on the last one. */
    List<List<Signal>> loops() {
        return loops;
    }

    /** The inputs each output depends on. */
    Map<Port, List<Port>> paths() {
        return paths;
    }

    /** What a signal reads, with the lines that say so; empty for a source. */
    List<Drivers.Read> reads(Signal signal) {
        List<Drivers.Read> known = reads[index.of(signal)];
        return known == null ? List.of() : known;
    }

    /** The inputs of its child that an output of a child depends on. */
    List<InstancePort> through(InstancePort output) {
        CombGraph child = children.get(output.instance().module());
        List<Port> from = child == null || child.paths.isEmpty() ? null : child.paths.get(output.port());
        if (from == null) {
            return List.of();
        }
        var ports = new ArrayList<InstancePort>(from.size());
        for (Port port : from) {
            ports.add(new InstancePort(output.instance(), port));
        }
        return ports;
    }

    /** What an edge leads to: references to their signal, null for a constant. */
    private static @Nullable Object subject(Object edge) {
        Object subject = edge instanceof Drivers.Read read ? read.value() : edge;
        if (subject instanceof Expr.Ref ref) {
            return ref.signal();
        }
        return subject instanceof Expr.Literal ? null : subject;
    }

    private static BitSet union(BitSet a, BitSet b) {
        if (b.isEmpty() || a == b) {
            return a;
        }
        if (a.isEmpty()) {
            return b;
        }
        var both = (BitSet) a.clone();
        both.or(b);
        return both.equals(a) ? a : both.equals(b) ? b : both;
    }

    /** The search and what it remembers until it is over. */
    private final class Search {
        private final Vertex[] signals = new Vertex[index.size()];
        private final Map<Expr, Vertex> expressions = new IdentityHashMap<>();
        private final ArrayDeque<Vertex> stack = new ArrayDeque<>();
        private final BitSet[] inputSets = new BitSet[index.size()];

        Search(Module module) {
            for (Port port : module.ports()) {
                if (port.direction() == Direction.IN) {
                    var set = new BitSet();
                    set.set(inputs.size());
                    inputSets[index.of(port)] = set;
                    inputs.add(port);
                }
            }
        }

        void visit(int root) {
            push(index.at(root), root);
            while (!stack.isEmpty()) {
                Vertex vertex = stack.peek();
                if (vertex.at < vertex.next.size()) {
                    advance(vertex);
                } else {
                    stack.pop();
                    vertex.done = true;
                    if (vertex.subject instanceof Signal signal) {
                        order.add(signal);
                    }
                }
            }
        }

        /** Looks at the next edge; comes back to it after what it leads to is done. */
        private void advance(Vertex vertex) {
            Object next = subject(vertex.next.get(vertex.at));
            if (next == null) {
                vertex.at++;
                return;
            }
            Vertex known;
            int number = -1;
            if (next instanceof Signal signal) {
                number = index.of(signal);
                if (isSource(signal, number)) {
                    BitSet set = inputSets[number];
                    vertex.inputs = set == null ? vertex.inputs : union(vertex.inputs, set);
                    vertex.at++;
                    return;
                }
                known = signals[number];
            } else {
                known = expressions.get(next);
            }
            if (known == null) {
                push(next, number);
                return;
            }
            if (known.done) {
                vertex.inputs = union(vertex.inputs, known.inputs);
            } else {
                loops.add(loop(known));
            }
            vertex.at++;
        }

        private boolean isSource(Signal signal, int number) {
            return reads[number] == null
                    && !(signal instanceof InstancePort port
                            && port.port().direction() == Direction.OUT
                            && !through(port).isEmpty());
        }

        private void push(Object subject, int number) {
            Vertex vertex;
            if (subject instanceof Expr expr) {
                vertex = new Vertex(expr, expr.operands());
                expressions.put(expr, vertex);
            } else {
                List<Drivers.Read> own = reads[number];
                vertex = new Vertex(subject, own != null ? own : through((InstancePort) subject));
                signals[number] = vertex;
            }
            stack.push(vertex);
        }

        private List<Signal> loop(Vertex start) {
            // From the top of the stack down each vertex is read by the next one.
            var path = new ArrayList<Signal>();
            for (Vertex vertex : stack) {
                if (vertex.subject instanceof Signal signal) {
                    path.add(signal);
                }
                if (vertex == start) {
                    break;
                }
            }
            return path;
        }
    }
}
