// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which top-level statements of a module drive what. Signals decided by the same conditional statement belong together:
 * that is how the designer wrote them. Signals are represented by their {@link Net}.
 */
final class Drives {

    /** Stands for what {@link Statement.Watch} statements would drive. */
    private static final Object WATCH = new Object();

    private final List<Statement> body;
    private final Map<Object, List<Integer>> conditional = new HashMap<>();
    private final List<Set<Object>> shared = new ArrayList<>();

    /** Fills in the drivers of the nets. */
    Drives(Module module, Nets nets) {
        this.body = Settled.of(module.body());
        for (int i = 0; i < body.size(); i++) {
            Statement statement = body.get(i);
            if (statement instanceof Statement.Assign assign) {
                Net net = nets.of(assign.target());
                if (net.driven()) {
                    places(net).add(i);
                } else {
                    net.first = i;
                }
                net.simple = assign;
            } else {
                var inside = new LinkedHashSet<Object>();
                collect(statement, inside, nets);
                for (Object target : inside) {
                    if (target instanceof Net net && !net.driven()) {
                        net.first = i;
                    }
                    places(target).add(i);
                    if (target instanceof Net net) {
                        net.simple = null;
                    }
                }
                if (inside.size() > 1) {
                    shared.add(inside);
                }
            }
        }
    }

    /** The places of a target that more than one statement or a conditional one drives. */
    private List<Integer> places(Object target) {
        return conditional.computeIfAbsent(target, t -> {
            var places = new ArrayList<Integer>();
            if (t instanceof Net net && net.simple != null) {
                places.add(net.first);
            }
            return places;
        });
    }

    private static void collect(Statement statement, Set<Object> into, Nets nets) {
        if (statement instanceof Statement.Assign assign) {
            into.add(nets.of(assign.target()));
        } else if (statement instanceof Statement.MemoryWrite write) {
            into.add(write.memory());
        } else if (statement instanceof Statement.Watch) {
            into.add(WATCH);
        } else if (statement instanceof Statement.When when) {
            collect(when.then(), into, nets);
            collect(when.otherwise(), into, nets);
        } else if (statement instanceof Statement.Switch choice) {
            for (Statement.Case branch : choice.cases()) {
                collect(branch.body(), into, nets);
            }
            collect(choice.otherwise(), into, nets);
        }
    }

    private static void collect(List<Statement> body, Set<Object> into, Nets nets) {
        for (Statement statement : body) {
            collect(statement, into, nets);
        }
    }

    /** The top-level statements that drive a memory. */
    List<Statement> statements(Memory memory) {
        return conditional.getOrDefault(memory, List.of()).stream()
                .map(body::get)
                .toList();
    }

    /** The top-level statements that hold a {@link Statement.Watch}. */
    List<Statement> watches() {
        return conditional.getOrDefault(WATCH, List.of()).stream()
                .map(body::get)
                .toList();
    }

    /** The top-level statements that drive any of the nets, in program order. */
    List<Statement> statements(List<Net> of) {
        var indices = new TreeSet<Integer>();
        for (Net net : of) {
            List<Integer> all = conditional.get(net);
            if (all != null) {
                indices.addAll(all);
            } else if (net.driven()) {
                indices.add(net.first);
            }
        }
        return indices.stream().map(body::get).toList();
    }

    /** Partitions nets so that those decided by one conditional statement are together. */
    List<List<Net>> together(List<Net> some) {
        var parent = new HashMap<Object, Object>();
        some.forEach(net -> parent.put(net, net));
        for (Set<Object> inside : shared) {
            Object first = null;
            for (Object target : inside) {
                if (parent.containsKey(target)) {
                    first = first == null ? target : first;
                    parent.put(root(parent, target), root(parent, first));
                }
            }
        }
        var groups = new LinkedHashMap<Object, List<Net>>();
        for (Net net : some) {
            groups.computeIfAbsent(root(parent, net), r -> new ArrayList<>()).add(net);
        }
        return List.copyOf(groups.values());
    }

    private static Object root(Map<Object, Object> parent, Object target) {
        Object at = target;
        for (Object up = parent.getOrDefault(at, at); up != at; up = parent.getOrDefault(at, at)) {
            parent.put(at, parent.getOrDefault(up, up));
            at = up;
        }
        return at;
    }

    /** Whether a statement drives any of the targets, which are signals, memories and {@link WatchWriter.Target}s. */
    static boolean touches(Statement statement, Set<?> of) {
        if (statement instanceof Statement.Assign assign) {
            return of.contains(assign.target());
        }
        if (statement instanceof Statement.MemoryWrite write) {
            return of.contains(write.memory());
        }
        if (statement instanceof Statement.Watch watch) {
            return of.contains(WatchWriter.Target.of(watch));
        }
        if (statement instanceof Statement.When when) {
            return touches(when.then(), of) || touches(when.otherwise(), of);
        }
        if (statement instanceof Statement.Switch choice) {
            for (Statement.Case branch : choice.cases()) {
                if (touches(branch.body(), of)) {
                    return true;
                }
            }
            return touches(choice.otherwise(), of);
        }
        return false;
    }

    static boolean touches(List<Statement> body, Set<?> of) {
        for (Statement statement : body) {
            if (touches(statement, of)) {
                return true;
            }
        }
        return false;
    }

    /** The signals of nets, as {@link #touches} takes them. */
    static Set<Signal> signals(List<Net> nets) {
        var signals = new LinkedHashSet<Signal>();
        nets.forEach(net -> signals.add(net.signal));
        return signals;
    }
}
