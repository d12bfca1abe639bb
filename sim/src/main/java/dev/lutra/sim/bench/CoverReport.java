// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.sim.CoverPoint;
import java.util.ArrayList;
import java.util.List;

/** What a design names by {@code cover}, as a table. */
public final class CoverReport {
    private CoverReport() {}

    /** A line for each point and instance, what never happened last. */
    public static String table(List<CoverPoint> points) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("first cycle", "instance", "place", "what"));
        for (boolean covered : new boolean[] {true, false}) {
            for (CoverPoint point : points) {
                if (point.firstCycle() >= 0 == covered) {
                    rows.add(List.of(
                            covered ? "" + point.firstCycle() : "never",
                            point.instance(),
                            point.place(),
                            point.what()));
                }
            }
        }
        long seen = points.stream().filter(point -> point.firstCycle() >= 0).count();
        return Table.of(rows) + "covered: " + seen + " of " + points.size() + "\n";
    }
}
