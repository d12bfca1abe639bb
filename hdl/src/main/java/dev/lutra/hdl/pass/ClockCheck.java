// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Crossings between clocks: state takes what depends on state of another clock only where the source says
 * {@code crossing}. Each definition is analysed once, children first; what its inputs feed and what its outputs come from, by
 * clock, stands for it in its parents. Inputs of the top may belong to any clock.
 */
final class ClockCheck {

    private ClockCheck() {}

    static List<Diagnostic> check(Circuit circuit, Map<Module, CombGraph> graphs) {
        boolean several = circuit.modules().stream()
                .anyMatch(m -> m.ports().stream().anyMatch(p -> p.type() instanceof Type.Clock)
                        || m.wires().stream().anyMatch(w -> w.type() instanceof Type.Clock)
                        || m.registers().stream().anyMatch(r -> r.type() instanceof Type.Clock));
        var found = new ArrayList<Diagnostic>();
        if (several) {
            var known = new HashMap<Module, ClockAnalysis>();
            for (Module module : circuit.modules()) {
                var analysis = new ClockAnalysis(
                        module, new SignalIndex(module), Objects.requireNonNull(graphs.get(module)), known);
                known.put(module, analysis);
                found.addAll(analysis.findings());
            }
        }
        return found;
    }
}
