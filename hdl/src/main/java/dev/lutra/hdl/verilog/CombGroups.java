// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.pass.Dependencies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Splits groups of signals until no {@code always @*} block depends on itself through others: a block that reads what it
 * writes would have to run twice, which simulators do not do for blocking assignments, and lint tools call a loop.
 */
final class CombGroups {

    private final Dependencies dependencies;
    private final Map<Signal, Object> owner = new HashMap<>();

    /** A group as a vertex of the graph of blocks. */
    private record Group(int index) {}

    private CombGroups(Dependencies dependencies) {
        this.dependencies = dependencies;
    }

    /** The groups, split where they have to be; the order of signals and of groups is kept. */
    static List<List<Net>> split(List<List<Net>> groups, Dependencies dependencies) {
        return new CombGroups(dependencies).split(groups);
    }

    private List<List<Net>> split(List<List<Net>> groups) {
        for (int i = 0; i < groups.size(); i++) {
            var group = new Group(i);
            groups.get(i).forEach(net -> owner.put(net.signal, group));
        }
        Set<Object> tangled = tangled();
        if (tangled.isEmpty()) {
            return groups;
        }
        Map<Signal, Integer> level = levels(tangled);
        var result = new ArrayList<List<Net>>();
        for (int i = 0; i < groups.size(); i++) {
            List<Net> group = groups.get(i);
            if (!tangled.contains(new Group(i))) {
                result.add(group);
                continue;
            }
            var byLevel = new LinkedHashMap<Integer, List<Net>>();
            for (Net net : group) {
                byLevel.computeIfAbsent(level.get(net.signal), l -> new ArrayList<>())
                        .add(net);
            }
            result.addAll(byLevel.values());
        }
        return result;
    }

    /** Groups on a cycle of groups (or between two cycles): what is left after peeling from both ends. */
    private Set<Object> tangled() {
        var successors = new HashMap<Object, Set<Object>>();
        var predecessors = new HashMap<Object, Set<Object>>();
        var self = new HashSet<Object>();
        for (Signal signal : dependencies.order()) {
            Object to = owner.getOrDefault(signal, signal);
            for (Signal read : dependencies.reads(signal)) {
                Object from = owner.getOrDefault(read, read);
                if (from.equals(to)) {
                    self.add(to);
                } else {
                    successors.computeIfAbsent(from, k -> new HashSet<>()).add(to);
                    predecessors.computeIfAbsent(to, k -> new HashSet<>()).add(from);
                }
            }
        }
        var left = new HashSet<Object>(owner.values());
        for (Signal signal : dependencies.order()) {
            left.add(owner.getOrDefault(signal, signal));
        }
        peel(left, predecessors, successors, self);
        peel(left, successors, predecessors, self);
        left.removeIf(vertex -> vertex instanceof Signal);
        return left;
    }

    private static void peel(
            Set<Object> left, Map<Object, Set<Object>> before, Map<Object, Set<Object>> after, Set<Object> self) {
        var count = new HashMap<Object, Integer>();
        var ready = new ArrayList<Object>();
        for (Object vertex : left) {
            int n = (int) before.getOrDefault(vertex, Set.of()).stream()
                    .filter(left::contains)
                    .count();
            count.put(vertex, n);
            if (n == 0 && !self.contains(vertex)) {
                ready.add(vertex);
            }
        }
        while (!ready.isEmpty()) {
            Object vertex = ready.remove(ready.size() - 1);
            left.remove(vertex);
            for (Object next : after.getOrDefault(vertex, Set.of())) {
                if (left.contains(next) && count.merge(next, -1, Integer::sum) == 0 && !self.contains(next)) {
                    ready.add(next);
                }
            }
        }
    }

    /** How many tangled groups lie on the longest path to each signal, itself counted: equal levels are independent. */
    private Map<Signal, Integer> levels(Set<Object> tangled) {
        var level = new HashMap<Signal, Integer>();
        for (Signal signal : dependencies.order()) {
            int most = 0;
            for (Signal read : dependencies.reads(signal)) {
                most = Math.max(most, level.getOrDefault(read, 0));
            }
            Object group = owner.get(signal);
            level.put(signal, group != null && tangled.contains(group) ? most + 1 : most);
        }
        return level;
    }
}
