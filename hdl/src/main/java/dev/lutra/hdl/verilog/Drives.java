// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which top-level statements of a module drive what. Signals decided by the same conditional statement belong together:
 * that is how the designer wrote them.
 */
final class Drives {

    private final List<Statement> body;
    private final Map<Object, List<Integer>> places = new LinkedHashMap<>();
    private final List<Set<Object>> targets = new ArrayList<>();

    Drives(Module module) {
        this.body = Settled.of(module.body());
        for (int i = 0; i < body.size(); i++) {
            var inside = new LinkedHashSet<Object>();
            collect(body.get(i), inside);
            targets.add(inside);
            for (Object target : inside) {
                places.computeIfAbsent(target, t -> new ArrayList<>(1)).add(i);
            }
        }
    }

    private static void collect(Statement statement, Set<Object> into) {
        if (statement instanceof Statement.Assign assign) {
            into.add(assign.target());
        } else if (statement instanceof Statement.MemoryWrite write) {
            into.add(write.memory());
        } else if (statement instanceof Statement.When when) {
            when.then().forEach(s -> collect(s, into));
            when.otherwise().forEach(s -> collect(s, into));
        } else if (statement instanceof Statement.Switch choice) {
            choice.cases().forEach(c -> c.body().forEach(s -> collect(s, into)));
            choice.otherwise().forEach(s -> collect(s, into));
        }
    }

    /** All signals and memories that are driven, by their first statement. */
    Set<Object> all() {
        return places.keySet();
    }

    /** Index of the first top-level statement that drives a target; the length of the body if none does. */
    int first(Object target) {
        List<Integer> at = places.get(target);
        return at == null ? body.size() : at.get(0);
    }

    /** The assignment that alone decides a signal, or null when a condition does. */
    Statement.@Nullable Assign simple(Signal signal) {
        List<Integer> at = places.get(signal);
        return at != null && body.get(at.get(at.size() - 1)) instanceof Statement.Assign assign ? assign : null;
    }

    /** The top-level statements that drive any of the targets, in program order. */
    List<Statement> statements(Iterable<?> of) {
        var indices = new TreeSet<Integer>();
        for (Object target : of) {
            indices.addAll(places.getOrDefault(target, List.of()));
        }
        return indices.stream().map(body::get).toList();
    }

    /** Partitions targets so that those decided by one conditional statement are together. */
    <T> List<List<T>> together(List<T> some) {
        var parent = new LinkedHashMap<Object, Object>();
        some.forEach(t -> parent.put(t, t));
        for (Set<Object> inside : targets) {
            Object first = null;
            if (inside.size() > 1) {
                for (Object target : inside) {
                    if (parent.containsKey(target)) {
                        first = first == null ? target : first;
                        parent.put(root(parent, target), root(parent, first));
                    }
                }
            }
        }
        var groups = new LinkedHashMap<Object, List<T>>();
        for (T target : some) {
            groups.computeIfAbsent(root(parent, target), r -> new ArrayList<>()).add(target);
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

    /** Whether a statement drives any of the targets. */
    static boolean touches(Statement statement, Set<?> of) {
        if (statement instanceof Statement.Assign assign) {
            return of.contains(assign.target());
        }
        if (statement instanceof Statement.MemoryWrite write) {
            return of.contains(write.memory());
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

    /** Whether anything writes a memory. */
    boolean writes(Memory memory) {
        return places.containsKey(memory);
    }
}
