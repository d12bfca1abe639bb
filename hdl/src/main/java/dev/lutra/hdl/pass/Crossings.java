// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds, in a circuit that passed the checks, the clocks of the top and every register that takes a value of another clock. */
public final class Crossings {
    private final Map<Module, ClockAnalysis> analyses = new HashMap<>();
    private final Map<Module, Boolean> crossing = new HashMap<>();
    private final List<Crossing> found = new ArrayList<>();

    private Crossings() {}

    /**
     * A register, seen from the top, that takes what is marked as {@code crossing}.
     *
     * @param path names of the instances from the top to its module
     * @param register in that module
     * @param reset whether the mark is at its reset; otherwise at its data
     * @param clock what clocks it: an input of the top, or the output of a black box, with the path to it, slashes between
     * @param fromClocks likewise what clocks what the value depends on
     * @param fromInputs other inputs of the top that the value depends on
     */
    public record Crossing(
            List<String> path,
            Register register,
            boolean reset,
            String clock,
            Set<String> fromClocks,
            Set<String> fromInputs) {}

    /** The inputs of the top that are clocks, its own first. */
    public static List<String> clocks(Circuit circuit) {
        var clocks = new ArrayList<String>();
        if (circuit.top().usesClock()) {
            clocks.add("clk");
        }
        for (Port port : circuit.top().ports()) {
            if (port.type() instanceof Type.Clock && port.direction() == Direction.IN) {
                clocks.add(port.name());
            }
        }
        return clocks;
    }

    /** The crossings, in the order of the instances. */
    public static List<Crossing> of(Circuit circuit) {
        var all = new Crossings();
        var graphs = new HashMap<Module, CombGraph>();
        for (Module module : circuit.modules()) {
            var index = new SignalIndex(module);
            var graph = new CombGraph(module, index, graphs);
            graphs.put(module, graph);
            var analysis = new ClockAnalysis(module, index, graph, all.analyses);
            all.analyses.put(module, analysis);
            boolean own = !analysis.crossings().isEmpty();
            all.crossing.put(module, own || module.instances().stream().anyMatch(i -> all.crosses(i.module())));
        }
        var inputs = new HashMap<Port, Origins>();
        for (Port port : circuit.top().ports()) {
            inputs.put(port, new Origins(Set.of(), Set.of(port.name())));
        }
        all.walk(List.of(), circuit.top(), List.of(), inputs);
        return List.copyOf(all.found);
    }

    private record Origins(Set<String> clocks, Set<String> inputs) {}

    private ClockAnalysis analysis(Module module) {
        return Objects.requireNonNull(analyses.get(module), "children come first");
    }

    private boolean crosses(Module module) {
        return crossing.getOrDefault(module, false);
    }

    /**
     * @param passed clocks of the top, by the number of the module's clock, as far as they come from outside it
     * @param inputs of the module by what of the top they depend on
     */
    private void walk(List<String> path, Module module, List<String> passed, Map<Port, Origins> inputs) {
        if (!crosses(module)) {
            return;
        }
        ClockAnalysis analysis = analysis(module);
        var clocks = new ArrayList<>(passed);
        for (int i = clocks.size(); i < analysis.clocks(); i++) {
            clocks.add(path.stream().map(name -> name + "/").collect(Collectors.joining()) + analysis.clockPath(i));
        }
        for (ClockAnalysis.Taken taken : analysis.crossings()) {
            Origins from = resolve(taken.from(), clocks, inputs);
            found.add(new Crossing(
                    path, taken.register(), taken.reset(), clocks.get(taken.clock()), from.clocks(), from.inputs()));
        }
        for (Instance instance : module.instances()) {
            if (!crosses(instance.module())) {
                continue;
            }
            var inner = new ArrayList<String>();
            for (int i = 0; i < analysis(instance.module()).passedClocks(); i++) {
                inner.add(clocks.get(analysis.clockOf(instance, i)));
            }
            var origins = new HashMap<Port, Origins>();
            for (Port port : instance.module().ports()) {
                if (port.direction() == Direction.IN) {
                    origins.put(port, resolve(analysis.inputOf(instance, port), clocks, inputs));
                }
            }
            var below = new ArrayList<>(path);
            below.add(instance.name());
            walk(List.copyOf(below), instance.module(), inner, origins);
        }
    }

    private static Origins resolve(ClockSources sources, List<String> clocks, Map<Port, Origins> inputs) {
        var fromClocks = new TreeSet<String>();
        var fromInputs = new TreeSet<String>();
        sources.clocks().keySet().forEach(clock -> fromClocks.add(clocks.get(clock)));
        for (Port input : sources.inputs()) {
            Origins origins = inputs.get(input);
            if (origins != null) {
                fromClocks.addAll(origins.clocks());
                fromInputs.addAll(origins.inputs());
            }
        }
        return new Origins(fromClocks, fromInputs);
    }
}
