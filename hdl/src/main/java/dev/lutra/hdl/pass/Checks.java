// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * What has to hold before a circuit is simulated or written: every signal driven on every path and by one statement,
 * registers assigned, switches without doubt, no combinational loop, no unmarked crossing between clocks. Each definition is looked at once, in linear time;
 * everything found is returned.
 */
public final class Checks {

    private Checks() {}

    /** All findings of a circuit, children before parents. */
    public static List<Diagnostic> check(Circuit circuit) {
        var found = new ArrayList<Diagnostic>();
        var graphs = new HashMap<Module, CombGraph>();
        for (Module module : circuit.modules()) {
            found.addAll(new SwitchCheck(module).findings());
            var index = new SignalIndex(module);
            found.addAll(new DriverCheck(module, index).findings());
            var graph = new CombGraph(module, index, graphs);
            graphs.put(module, graph);
            if (!graph.loops().isEmpty()) {
                found.addAll(new LoopReport(module, graph, graphs).findings());
            }
        }
        found.addAll(BoxCheck.check(circuit));
        found.addAll(ClockCheck.check(circuit, graphs));
        return List.copyOf(found);
    }
}
