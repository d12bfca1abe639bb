// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.pass.Lowering;
import dev.lutra.hdl.pass.Netlist;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The statistics of a circuit that passed the checks. Each definition is looked at once, by itself: what a constant at an instance or
 * logic across a boundary would save is not seen.
 */
public final class Statistics {
    private final Circuit circuit;
    private final Map<Module, ModuleStatistics> own = new LinkedHashMap<>();
    private final Map<Module, Totals> totals = new HashMap<>();

    private Statistics(Circuit circuit) {
        this.circuit = circuit;
        Map<Module, Netlist> netlists = Lowering.lower(circuit);
        netlists.forEach((module, netlist) -> {
            // A black box is a cell of its own; what its model is made of is not built.
            ModuleStatistics statistics = isForeign(module)
                    ? new ModuleStatistics(module, 0, List.of(), new TreeMap<>(), nothing())
                    : of(netlist);
            own.put(module, statistics);
            totals.put(module, total(statistics));
        });
    }

    private static Map<Target, Estimate> nothing() {
        var estimates = new EnumMap<Target, Estimate>(Target.class);
        for (Target target : Target.values()) {
            estimates.put(target, Estimate.NONE);
        }
        return estimates;
    }

    private boolean isForeign(Module module) {
        return module.box() != null && module != circuit.top();
    }

    /** Counts and estimates. */
    public static Statistics of(Circuit circuit) {
        return new Statistics(circuit);
    }

    /**
     * Sums over an instance and everything in it.
     *
     * @param registerBits bits of registers
     * @param memoryBits bits of memories
     * @param estimates by target
     */
    public record Totals(long registerBits, long memoryBits, Map<Target, Estimate> estimates) {
        public Totals {
            estimates = Map.copyOf(estimates);
        }
    }

    /**
     * A line of the table of instances. Instances of one definition under one parent share a line.
     *
     * @param depth 0 for the top
     * @param name of the instance, of the first one if there are several
     * @param count how many instances the line stands for
     * @param module their definition
     * @param totals of one of them, with everything in it
     */
    public record Row(int depth, String name, int count, Module module, Totals totals) {}

    /** Each definition, children before parents. */
    public List<ModuleStatistics> modules() {
        return List.copyOf(own.values());
    }

    /** The top with everything in it. */
    public Totals total() {
        return total(circuit.top());
    }

    /** A definition with everything in it. */
    public Totals total(Module module) {
        Totals known = totals.get(module);
        if (known == null) {
            throw new IllegalArgumentException(module + " is not in the circuit");
        }
        return known;
    }

    /** The instances as a tree, the top first. */
    public List<Row> instances() {
        var rows = new ArrayList<Row>();
        rows(0, circuit.top().name(), 1, circuit.top(), rows);
        return rows;
    }

    private void rows(int depth, String name, int count, Module module, List<Row> rows) {
        rows.add(new Row(depth, name, count, module, total(module)));
        var children = new LinkedHashMap<Module, List<Instance>>();
        (isForeign(module) ? List.<Instance>of() : module.instances())
                .forEach(i -> children.computeIfAbsent(i.module(), m -> new ArrayList<>())
                        .add(i));
        children.forEach((child, instances) -> rows(depth + 1, instances.get(0).name(), instances.size(), child, rows));
    }

    private Totals total(ModuleStatistics statistics) {
        long registers = statistics.registerBits();
        long memories =
                statistics.memories().stream().mapToLong(MemoryUse::bits).sum();
        var estimates = new EnumMap<Target, Estimate>(Target.class);
        estimates.putAll(statistics.estimates());
        if (isForeign(statistics.module())) {
            return new Totals(0, 0, estimates);
        }
        for (Instance instance : statistics.module().instances()) {
            Totals inside = total(instance.module());
            registers += inside.registerBits();
            memories += inside.memoryBits();
            inside.estimates().forEach((target, estimate) -> estimates.merge(target, estimate, Estimate::plus));
        }
        return new Totals(registers, memories, estimates);
    }

    private static ModuleStatistics of(Netlist netlist) {
        Module module = netlist.module();
        if (module.box() != null) { // what it is made of is not ours to know
            return new ModuleStatistics(module, 0, List.of(), Collections.emptySortedMap(), Map.of());
        }
        long registers = 0;
        for (Register register : module.registers()) {
            registers += register.type().width();
        }
        var memories = new ArrayList<MemoryUse>();
        for (Memory memory : module.memories()) {
            memories.add(new MemoryUse(
                    memory.name(),
                    memory.depth(),
                    memory.type().width(),
                    (int) module.readPorts().stream()
                            .filter(p -> p.memory() == memory)
                            .count(),
                    (int) netlist.writes().stream()
                            .filter(w -> w.memory() == memory)
                            .count()));
        }
        var live = new LiveLogic(netlist);
        var operators = new TreeMap<Operator, Integer>();
        for (Expr expr : live.order) {
            Operator operator = Operator.of(expr);
            if (operator != null) {
                operators.merge(operator, 1, Integer::sum);
            }
        }
        var estimates = new EnumMap<Target, Estimate>(Target.class);
        for (Target target : Target.values()) {
            estimates.put(target, Estimator.of(live, target));
        }
        return new ModuleStatistics(
                module,
                registers,
                List.copyOf(memories),
                Collections.unmodifiableSortedMap(operators),
                Collections.unmodifiableMap(estimates));
    }
}
