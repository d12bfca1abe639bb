// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What is told about a circuit that fails: the smallest one like it, its Verilog, its stimulus, and how to run it again. */
final class Report {
    /** Smaller circuits are tried in so many runs. */
    private static final int RUNS = 3000;

    private static final int TOGETHER = 24;

    private Report() {}

    /** One line. */
    static String brief(Contest.Finding finding) {
        return "circuit " + finding.sketch().seed() + ": " + finding.who() + " differs: " + finding.what()
                + "; run it by -Dlutra.seed=" + finding.sketch().seed() + " -Dlutra.circuits=1";
    }

    /** Runs the circuit alone, makes it smaller, and tells everything. */
    static String of(Contest.Finding finding) {
        return of(finding, UnaryOperator.identity());
    }

    static String of(Contest.Finding finding, UnaryOperator<String> damage) {
        Contest.Finding small = smallest(finding, damage);
        return small == null
                ? brief(finding) + "; not alone, only among others"
                : brief(finding) + "\nsmaller: " + small.what() + "\n" + text(small.sketch());
    }

    /** The smallest circuit that fails alike; null: it does not fail alone. */
    static Contest.Finding smallest(Contest.Finding finding, UnaryOperator<String> damage) {
        Set<Engines> engines = EnumSet.noneOf(Engines.class);
        for (Engines engine : Engines.values()) {
            if (List.of(finding.who().split("\\+")).contains(engine.toString())) {
                engines.add(engine);
            }
        }
        boolean native_ = engines.size() == 1 && engines.contains(Engines.VERILATOR);
        if (finding.who().equals("cover")) {
            engines.addAll(EnumSet.of(Engines.EMBEDDED, Engines.VERILATOR));
            native_ = true;
        } else if (engines.isEmpty()) {
            engines.add(Engines.EMBEDDED);
        } else if (!native_) {
            // One that differs is enough, and the quickest.
            engines = EnumSet.of(engines.iterator().next());
            native_ = engines.contains(Engines.VERILATOR);
        }
        var contest = new Contest(engines, damage);
        List<Contest.Finding> alone = contest.run(List.of(finding.sketch()));
        return alone.isEmpty()
                ? null
                : new Shrinker(contest, native_ ? TOGETHER : 1, native_ ? RUNS / TOGETHER : RUNS).shrink(alone.get(0));
    }

    private static String text(Sketch sketch) {
        var text = new StringBuilder(JavaText.of(sketch));
        try {
            VerilogWriter.write(
                            Circuit.of(() -> new SideBySide(List.of(sketch))).circuit())
                    .forEach(file -> text.append(file.text()));
        } catch (HdlException e) {
            text.append(e.getMessage());
        }
        Stimulus stimulus = Stimulus.of(sketch);
        for (int cycle = 0; cycle < stimulus.rows().size(); cycle++) {
            text.append("cycle ")
                    .append(cycle)
                    .append(": ")
                    .append(stimulus.text(cycle))
                    .append('\n');
        }
        return text.toString();
    }
}
