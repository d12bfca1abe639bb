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
import java.util.HashMap;
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
    private final Map<Signal, List<Drivers.Read>> reads;
    private final Map<Port, Integer> inputs = new HashMap<>();
    private final List<Port> inputList = new ArrayList<>();
    private final Map<Object, Vertex> vertices = new HashMap<>();
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
    CombGraph(Module module, Map<Module, CombGraph> children) {
        this.children = children;
        this.reads = Drivers.of(module);
        for (Port port : module.ports()) {
            if (port.direction() == Direction.IN) {
                inputs.put(port, inputList.size());
                inputList.add(port);
            }
        }
        for (Signal signal : reads.keySet()) {
            visit(signal);
        }
        for (Port port : module.ports()) {
            Vertex vertex = vertices.get(port);
            if (port.direction() == Direction.OUT && vertex != null && !vertex.inputs.isEmpty()) {
                paths.put(port, vertex.inputs.stream().mapToObj(inputList::get).toList());
            }
        }
        vertices.clear();
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
        return reads.getOrDefault(signal, List.of());
    }

    /** The inputs of its child that an output of a child depends on. */
    List<InstancePort> through(InstancePort output) {
        CombGraph child = children.get(output.instance().module());
        if (child == null) {
            return List.of();
        }
        return child.paths.getOrDefault(output.port(), List.of()).stream()
                .map(port -> new InstancePort(output.instance(), port))
                .toList();
    }

    private void visit(Signal root) {
        if (vertices.containsKey(root)) {
            return;
        }
        var stack = new ArrayDeque<Vertex>();
        push(stack, root);
        while (!stack.isEmpty()) {
            Vertex vertex = stack.peek();
            if (vertex.at < vertex.next.size()) {
                Object next = subject(vertex.next.get(vertex.at));
                if (next == null) {
                    vertex.at++;
                    continue;
                }
                Vertex known = vertices.get(next);
                if (known == null) {
                    push(stack, next);
                } else {
                    if (known.done) {
                        vertex.inputs = union(vertex.inputs, known.inputs);
                    } else {
                        loops.add(loop(stack, known));
                    }
                    vertex.at++;
                }
            } else {
                stack.pop();
                vertex.done = true;
                if (vertex.subject instanceof Signal signal && !isSource(vertex)) {
                    order.add(signal);
                }
            }
        }
    }

    private boolean isSource(Vertex vertex) {
        return vertex.next.isEmpty() && !reads.containsKey(vertex.subject);
    }

    private void push(ArrayDeque<Vertex> stack, Object subject) {
        Vertex vertex = new Vertex(subject, next(subject));
        if (subject instanceof Port port && inputs.containsKey(port)) {
            vertex.inputs = new BitSet(inputList.size());
            vertex.inputs.set(inputs.get(port));
        }
        vertices.put(subject, vertex);
        stack.push(vertex);
    }

    private List<?> next(Object subject) {
        if (subject instanceof Expr expr) {
            return expr.operands();
        }
        if (subject instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            return through(port);
        }
        return reads.getOrDefault(subject, List.of());
    }

    /** What an edge leads to: references to their signal, null for a constant. */
    private static @Nullable Object subject(Object edge) {
        Object subject = edge instanceof Drivers.Read read ? read.value() : edge;
        if (subject instanceof Expr.Ref ref) {
            return ref.signal();
        }
        return subject instanceof Expr.Literal ? null : subject;
    }

    private static List<Signal> loop(ArrayDeque<Vertex> stack, Vertex start) {
        var path = new ArrayList<Signal>();
        for (Vertex vertex : stack) {
            if (vertex.subject instanceof Signal signal) {
                path.add(signal);
            }
            if (vertex == start) {
                break;
            }
        }
        // From the top of the stack down each vertex is read by the next one.
        if (path.isEmpty()) {
            throw new AssertionError("a loop among expressions, which refer to older ones only");
        }
        return path;
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
}
