// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Diagnostic.Site;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
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
    private final SignalIndex index;
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

    /** What is known of the signals a block drives: an array for the body, which drives most, a map for each branch. */
    private static final class Marks {
        private final Mark @Nullable [] all;
        private final Map<Integer, Mark> some = new LinkedHashMap<>();

        Marks(int size) {
            this.all = size > 0 ? new Mark[size] : null;
        }

        @Nullable
        Mark get(int signal) {
            return all != null ? all[signal] : some.get(signal);
        }

        void put(int signal, Mark mark) {
            if (all != null) {
                all[signal] = mark;
            } else {
                some.put(signal, mark);
            }
        }
    }

    DriverCheck(Module module, SignalIndex index) {
        this.module = module;
        this.index = index;
        var marks = new Marks(index.size());
        block(module.body(), marks);
        for (int i = 0; i < index.size(); i++) {
            Signal signal = index.at(i);
            Mark mark = marks.get(i);
            if (signal instanceof Register register) {
                if (mark == null) {
                    unassigned(register);
                }
            } else if ((mark == null || !mark.full()) && signal.assignable() && !isForeign(signal)) {
                undriven(signal, mark);
            }
        }
    }

    /** Whether the output of a black box has no model: such as a clock. */
    private boolean isForeign(Signal signal) {
        return module.box() != null
                && signal instanceof Port
                && (!module.box().modelled() || signal.type() instanceof Type.Clock);
    }

    private void unassigned(Register register) {
        report(
                "register-unassigned",
                register.loc(),
                List.of(new Site(register.loc(), "")),
                Words.signal(register) + " of " + module.name() + " is never assigned",
                "assign it with set(...), since = only changes a Java variable; or use a constant in its place");
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

    private void block(List<Statement> body, Marks marks) {
        for (int i = 0; i < body.size(); i++) {
            Statement statement = body.get(i);
            if (statement instanceof Statement.Assign assign) {
                int target = index.of(assign.target());
                Mark before = marks.get(target);
                marks.put(target, new Mark(true, assign, true));
                if (before != null) {
                    hides(assign, before);
                }
            } else if (statement instanceof Statement.When when) {
                merge(marks, List.of(branch(when.then()), branch(when.otherwise())));
            } else if (statement instanceof Statement.Switch choice) {
                var branches = new ArrayList<Marks>();
                for (Statement.Case inner : choice.cases()) {
                    branches.add(branch(inner.body()));
                }
                Marks rest = branch(choice.otherwise());
                if (!SwitchCover.of(choice).complete()) {
                    branches.add(rest);
                }
                merge(marks, branches);
            }
        }
    }

    private Marks branch(List<Statement> body) {
        var marks = new Marks(0);
        block(body, marks);
        return marks;
    }

    private static void merge(Marks marks, List<Marks> branches) {
        var full = new LinkedHashMap<Integer, Integer>();
        var last = new HashMap<Integer, Statement.Assign>();
        for (Marks branch : branches) {
            branch.some.forEach((signal, mark) -> {
                full.merge(signal, mark.full() ? 1 : 0, Integer::sum);
                last.put(signal, mark.last());
            });
        }
        full.forEach((signal, count) -> {
            Mark before = marks.get(signal);
            boolean all = count == branches.size() || before != null && before.full();
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

    private void undriven(Signal signal, @Nullable Mark mark) {
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
                            : "drive it with set(...), since = only changes a Java variable; or remove it");
        } else {
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
