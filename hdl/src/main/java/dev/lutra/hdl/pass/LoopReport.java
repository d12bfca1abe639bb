// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Diagnostic.Site;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Combinational loops as a user reads them: every hop with the line that makes it, through instances too. */
final class LoopReport {

    private static final int SHOWN = 5;

    private final Module module;
    private final CombGraph graph;
    private final Map<Module, CombGraph> graphs;

    LoopReport(Module module, CombGraph graph, Map<Module, CombGraph> graphs) {
        this.module = module;
        this.graph = graph;
        this.graphs = graphs;
    }

    /** One finding per loop; of loops that share a signal the first. */
    List<Diagnostic> findings() {
        var findings = new ArrayList<Diagnostic>();
        var told = new HashSet<Signal>();
        for (List<Signal> loop : graph.loops()) {
            if (findings.size() < SHOWN && Collections.disjoint(told, loop)) {
                findings.add(finding(loop));
            }
            told.addAll(loop);
        }
        return findings;
    }

    private Diagnostic finding(List<Signal> loop) {
        var sites = new ArrayList<Site>();
        Signal from = loop.get(loop.size() - 1);
        for (Signal to : loop) {
            hop(graph, from, to, "", sites);
            from = to;
        }
        String path = loop.stream().map(Words::name).collect(Collectors.joining(" -> "));
        return Diagnostic.error(
                "comb-loop",
                sites,
                "combinational loop in " + module.name() + ": " + Words.name(loop.get(loop.size() - 1)) + " -> " + path,
                "put a register on the path; if different bits are meant, use one signal for each part");
    }

    /** The line through which one signal depends on another. */
    private void hop(CombGraph in, Signal from, Signal to, String lead, List<Site> sites) {
        if (to instanceof InstancePort output && output.port().direction() == Direction.OUT) {
            Module child = output.instance().module();
            sites.add(new Site(
                    output.instance().loc(),
                    lead + Words.name(to) + " follows " + Words.name(from) + " through " + child.name()));
            CombGraph inner = graphs.get(child);
            if (inner != null && from instanceof InstancePort input) {
                inside(inner, input.port(), output.port(), lead + "  in " + child.name() + ": ", sites);
            }
            return;
        }
        for (Drivers.Read read : in.reads(to)) {
            if (signals(read.value()).contains(from)) {
                sites.add(new Site(read.loc(), lead + Words.name(to) + " reads " + Words.name(from)));
                return;
            }
        }
    }

    /** The hops from an input of a child to an output of it, shortest path. */
    private void inside(CombGraph inner, Port from, Port to, String lead, List<Site> sites) {
        var readBy = new HashMap<Signal, Signal>();
        var open = new ArrayDeque<Signal>();
        open.add(to);
        while (!open.isEmpty() && !readBy.containsKey(from)) {
            Signal signal = open.remove();
            for (Signal read : reads(inner, signal)) {
                if (read != to && readBy.putIfAbsent(read, signal) == null) {
                    open.add(read);
                }
            }
        }
        Signal at = from;
        for (@Nullable Signal next = readBy.get(at); next != null; next = readBy.get(at)) {
            hop(inner, at, next, lead, sites);
            at = next;
        }
    }

    private static Set<Signal> reads(CombGraph graph, Signal signal) {
        if (signal instanceof InstancePort port && port.port().direction() == Direction.OUT) {
            return new LinkedHashSet<>(graph.through(port));
        }
        var all = new LinkedHashSet<Signal>();
        graph.reads(signal).forEach(read -> all.addAll(signals(read.value())));
        return all;
    }

    /** The signals an expression refers to. */
    private static Set<Signal> signals(Expr root) {
        var signals = new LinkedHashSet<Signal>();
        var seen = new HashSet<Expr>();
        var open = new ArrayDeque<Expr>();
        open.add(root);
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
