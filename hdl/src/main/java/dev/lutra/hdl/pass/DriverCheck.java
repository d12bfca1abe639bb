// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Diagnostic.Site;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drivers of each signal: wires, outputs and inputs of children on every path, registers at least once, nothing twice
 * where the first would never count.
 */
final class DriverCheck {

    private static final int SHOWN_PER_PLACE = 3;

    private final Module module;
    private final List<Diagnostic> findings = new ArrayList<>();
    private final Set<Signal> twice = new HashSet<>();
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Map<String, Integer> hidden = new LinkedHashMap<>();

    /**
     * How a block drives a signal so far.
     *
     * @param full on every path
     * @param last the latest assignment
     * @param plain whether that one stands in this very block
     */
    private record Mark(boolean full, Statement.Assign last, boolean plain) {}

    DriverCheck(Module module) {
        this.module = module;
        Map<Signal, Mark> marks = block(module.body());
        for (Port port : module.ports()) {
            if (port.direction() == Direction.OUT) {
                driven(port, marks.get(port));
            }
        }
        for (Wire wire : module.wires()) {
            driven(wire, marks.get(wire));
        }
        for (Instance instance : module.instances()) {
            for (Port port : instance.module().ports()) {
                if (port.direction() == Direction.IN) {
                    var signal = new InstancePort(instance, port);
                    driven(signal, marks.get(signal));
                }
            }
        }
        for (Register register : module.registers()) {
            if (!marks.containsKey(register)) {
                report(
                        "register-unassigned",
                        register.loc(),
                        List.of(new Site(register.loc(), "")),
                        Words.signal(register) + " of " + module.name() + " is never assigned",
                        "assign it with set(...), or use a constant in its place");
            }
        }
    }

    List<Diagnostic> findings() {
        var all = new ArrayList<>(findings);
        hidden.forEach((place, count) -> all.add(Diagnostic.error(
                place.substring(0, place.indexOf(' ')),
                List.of(),
                "and " + count + " more like this at " + place.substring(place.indexOf(' ') + 1),
                null)));
        return all;
    }

    private Map<Signal, Mark> block(List<Statement> body) {
        var marks = new HashMap<Signal, Mark>();
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign) {
                Mark before = marks.put(assign.target(), new Mark(true, assign, true));
                if (before != null) {
                    hides(assign, before);
                }
            } else if (statement instanceof Statement.When when) {
                merge(marks, List.of(block(when.then()), block(when.otherwise())));
            } else if (statement instanceof Statement.Switch choice) {
                var branches = new ArrayList<Map<Signal, Mark>>();
                choice.cases().forEach(branch -> branches.add(block(branch.body())));
                Map<Signal, Mark> rest = block(choice.otherwise());
                if (!SwitchCover.of(choice).complete()) {
                    branches.add(rest);
                }
                merge(marks, branches);
            }
        }
        return marks;
    }

    private static void merge(Map<Signal, Mark> marks, List<Map<Signal, Mark>> branches) {
        var count = new LinkedHashMap<Signal, Integer>();
        var last = new HashMap<Signal, Statement.Assign>();
        for (Map<Signal, Mark> branch : branches) {
            branch.forEach((signal, mark) -> {
                count.merge(signal, mark.full() ? 1 : 0, Integer::sum);
                last.put(signal, mark.last());
            });
        }
        count.forEach((signal, full) -> {
            Mark before = marks.get(signal);
            boolean all = full == branches.size() || before != null && before.full();
            Statement.Assign latest = last.get(signal);
            if (latest != null) {
                marks.put(signal, new Mark(all, latest, false));
            }
        });
    }

    /** An assignment that makes an earlier one pointless. */
    private void hides(Statement.Assign assign, Mark before) {
        if (!twice.add(assign.target())) {
            return;
        }
        String what = Words.signal(assign.target()) + " of " + module.name();
        var sites = List.of(
                new Site(assign.loc(), "drives it again"),
                new Site(before.last().loc(), "drives it first"));
        if (before.plain()) {
            report(
                    "driven-twice",
                    assign.loc(),
                    sites,
                    what + " is driven twice under the same conditions; the first assignment never counts",
                    "remove one of the two, or put the second under a condition");
        } else {
            report(
                    "driven-twice",
                    assign.loc(),
                    sites,
                    what + " is driven under a condition and then again without it; the conditional assignment never"
                            + " counts",
                    "put the default first and the conditional assignment after it");
        }
    }

    private void driven(Signal signal, @Nullable Mark mark) {
        String what = Words.signal(signal) + " of " + module.name();
        if (mark == null) {
            report(
                    "undriven",
                    signal.loc(),
                    List.of(new Site(signal.loc(), "")),
                    what + " is never driven",
                    signal instanceof InstancePort port
                            ? "drive it: " + port.instance().name() + "."
                                    + port.port().name() + ".set(...)"
                            : "drive it with set(...), or remove it");
        } else if (!mark.full()) {
            var sites = new ArrayList<Site>();
            sites.add(new Site(signal.loc(), "made here"));
            sites.add(new Site(mark.last().loc(), "driven here under a condition"));
            report(
                    "undriven",
                    mark.last().loc(),
                    sites,
                    what + " is not driven when " + Uncovered.condition(module.body(), signal),
                    "give it a default with set(...) before the conditions, or drive it in otherwise(...) too");
        }
    }

    /** Many signals of one place (a vector, an array) are one mistake: after a few only their number is told. */
    private void report(String code, Loc place, List<Site> sites, String message, String hint) {
        String key = code + " " + place;
        if (places.merge(key, 1, Integer::sum) > SHOWN_PER_PLACE) {
            hidden.merge(key, 1, Integer::sum);
        } else {
            findings.add(Diagnostic.error(code, sites, message, hint));
        }
    }
}
