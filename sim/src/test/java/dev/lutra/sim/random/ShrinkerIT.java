// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** With a fault put into the Verilog, a circuit is found that shows it, and made so small that it shows nothing else. */
class ShrinkerIT {
    @Test
    void aWrongOperatorIsFoundAndShown() {
        assumeTrue(Engines.missingTools().isEmpty(), "skipped: not on the PATH: " + Engines.missingTools());
        // Products become sums in what Icarus gets.
        UnaryOperator<String> damage = text -> text.replaceAll("(?m)^([^/]*[\\w)]) \\* (?=[^/]*;)", "$1 + ");
        var contest = new Contest(EnumSet.of(Engines.ICARUS), damage);
        var sketches = new ArrayList<Sketch>();
        for (long seed = 1; seed <= 30; seed++) {
            sketches.add(Generator.of(seed));
        }
        List<Contest.Finding> found = contest.run(sketches);
        assertThat(found).isNotEmpty();
        // A large one among them.
        Contest.Finding large = found.stream()
                .filter(f -> f.what().contains("cycle") && f.sketch().size() > 150)
                .findFirst()
                .orElseThrow();
        Contest.Finding small = Report.smallest(large, damage);
        assertThat(small.who()).isEqualTo("icarus");
        String java = JavaText.of(small.sketch());
        assertThat(small.sketch().size()).as(java).isLessThanOrEqualTo(15);
        assertThat(java).contains(".mul(");
        assertThat(Report.of(small, damage))
                .contains(
                        "-Dlutra.seed=" + large.sketch().seed() + " -Dlutra.circuits=1",
                        ".mul(",
                        "endmodule",
                        "cycle 0: ");
    }
}
