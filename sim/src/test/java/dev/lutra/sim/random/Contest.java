// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.random.Engines.Outcome;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs circuits side by side on several engines and holds all outputs of every cycle against {@link Meaning}. */
final class Contest {

    /**
     * A circuit on which one differs.
     *
     * @param who differs: an engine, "elaboration", or "meaning" where all engines agree on something else
     * @param what the first difference, or an error's text
     */
    record Finding(Sketch sketch, String who, String what) {
        /** What a smaller circuit must have in common: who, and the kind of error if it is one. */
        String kind() {
            Matcher error = Pattern.compile("^\\w+(Exception|Error)(.*error(\\[[\\w-]+\\]))?")
                    .matcher(what);
            return who + (error.find() ? " " + error.group(1) + error.group(3) : "");
        }
    }

    private final Set<Engines> engines;
    private final UnaryOperator<String> damage;

    /** @param damage done to the Verilog that Icarus gets */
    Contest(Set<Engines> engines, UnaryOperator<String> damage) {
        this.engines = engines;
        this.damage = damage;
    }

    Contest(Set<Engines> engines) {
        this(engines, UnaryOperator.identity());
    }

    /** The circuits that fail, in order. */
    List<Finding> run(List<Sketch> sketches) {
        if (sketches.isEmpty()) {
            return List.of();
        }
        String stage = "elaboration";
        var outcomes = new EnumMap<Engines, List<Outcome>>(Engines.class);
        List<Stimulus> stimuli = sketches.stream().map(Stimulus::of).toList();
        try {
            Elaboration<SideBySide> design = Circuit.of(() -> new SideBySide(sketches));
            for (Engines engine : engines) {
                stage = engine.toString();
                outcomes.put(engine, engine.run(design, stimuli, damage));
            }
        } catch (RuntimeException | Error e) {
            if (sketches.size() == 1) {
                return List.of(new Finding(sketches.get(0), stage, error(e)));
            }
            int half = sketches.size() / 2;
            var found = new ArrayList<>(run(sketches.subList(0, half)));
            found.addAll(run(sketches.subList(half, sketches.size())));
            return found;
        }
        var found = new ArrayList<Finding>();
        for (int i = 0; i < sketches.size(); i++) {
            var own = new EnumMap<Engines, Outcome>(Engines.class);
            int number = i;
            outcomes.forEach((engine, all) -> own.put(engine, all.get(number)));
            Finding finding = compare(sketches.get(i), stimuli.get(i), own);
            if (finding != null) {
                found.add(finding);
            }
        }
        return found;
    }

    private static String error(Throwable e) {
        String text = String.valueOf(e.getMessage());
        StackTraceElement[] stack = e.getStackTrace();
        String at = e instanceof IllegalStateException || stack.length == 0 ? "" : " at " + stack[0];
        // Warnings come first.
        String line = text.lines()
                .filter(l -> l.contains("error["))
                .findFirst()
                .or(() -> text.lines().findFirst())
                .orElse("");
        return e.getClass().getSimpleName() + ": " + line + at;
    }

    private static Finding compare(Sketch sketch, Stimulus stimulus, Map<Engines, Outcome> outcomes) {
        Outcome meaning;
        try {
            meaning = meaning(sketch, stimulus);
        } catch (RuntimeException | StackOverflowError e) {
            return new Finding(sketch, "meaning", error(e));
        }
        var odd = new TreeMap<Engines, String>();
        outcomes.forEach((engine, outcome) -> {
            String difference = difference(sketch, meaning, outcome);
            if (difference != null) {
                odd.put(engine, difference);
            }
        });
        if (odd.isEmpty()) {
            return covered(sketch, outcomes);
        }
        Engines first = odd.firstKey();
        boolean all =
                odd.size() == outcomes.size() && odd.size() > 1 && new java.util.HashSet<>(odd.values()).size() == 1;
        return new Finding(
                sketch,
                all
                        ? "meaning"
                        : String.join(
                                "+",
                                odd.keySet().stream().map(Engines::toString).toList()),
                first + " against the meaning: " + odd.get(first));
    }

    private static Finding covered(Sketch sketch, Map<Engines, Outcome> outcomes) {
        Outcome a = outcomes.get(Engines.EMBEDDED);
        Outcome b = outcomes.get(Engines.VERILATOR);
        return a == null || b == null || a.covered().equals(b.covered())
                ? null
                : new Finding(sketch, "cover", "embedded covers " + a.covered() + ", verilator " + b.covered());
    }

    private static Outcome meaning(Sketch sketch, Stimulus stimulus) {
        Meaning.Run run = Meaning.run(sketch, stimulus);
        List<Shape> leaves = leaves(sketch).stream().map(Map.Entry::getValue).toList();
        var rows = new ArrayList<List<String>>();
        for (List<BigInteger> row : run.outputs()) {
            var digits = new ArrayList<String>();
            for (int i = 0; i < row.size(); i++) {
                digits.add(Engines.digits(row.get(i), leaves.get(i).width()));
            }
            rows.add(digits);
        }
        return new Outcome(rows, run.printed(), null);
    }

    private static List<Map.Entry<String, Shape>> leaves(Sketch sketch) {
        var all = new ArrayList<Map.Entry<String, Shape>>();
        for (Item.Port port : sketch.top().ports(false)) {
            List<Shape> leaves = port.shape().leaves();
            for (int i = 0; i < leaves.size(); i++) {
                all.add(Map.entry(leaves.size() == 1 ? port.name() : port.name() + "[" + i + "]", leaves.get(i)));
            }
        }
        return all;
    }

    private static String difference(Sketch sketch, Outcome expected, Outcome actual) {
        List<Map.Entry<String, Shape>> leaves = leaves(sketch);
        for (int cycle = 0; cycle < expected.outputs().size(); cycle++) {
            List<String> a = expected.outputs().get(cycle);
            List<String> b = actual.outputs().get(cycle);
            for (int i = 0; i < a.size(); i++) {
                if (!a.get(i).equals(b.get(i))) {
                    return "cycle %d, output %s: %s, expected %s"
                            .formatted(cycle, leaves.get(i).getKey(), b.get(i), a.get(i));
                }
            }
        }
        List<String> a = sorted(expected.said());
        List<String> b = sorted(actual.said());
        if (a.equals(b)) {
            return null;
        }
        var missing = new ArrayList<>(a);
        b.forEach(missing::remove);
        var extra = new ArrayList<>(b);
        a.forEach(extra::remove);
        return "printed lines: missing " + missing.stream().limit(3).toList() + ", not expected "
                + extra.stream().limit(3).toList();
    }

    private static List<String> sorted(List<String> lines) {
        var sorted = new ArrayList<>(lines);
        Collections.sort(sorted);
        return sorted;
    }
}
