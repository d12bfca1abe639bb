// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The best table array of a target: from a point to the best of its neighbours until none is better. */
public final class AreaSearch {

    /** Area and path of a design. */
    public interface Measure {
        /** Synthesises one row of a point. */
        Synthesis of(AreaPoint point) throws InterruptedException;
    }

    private AreaSearch() {}

    private record Measured(AreaPoint point, AreaRow row) {}

    /** The best point, then its neighbours, best first. */
    public static List<AreaRow> from(AreaPoint start, Measure measure) throws InterruptedException {
        Map<AreaPoint, AreaRow> known = new HashMap<>();
        var best = start;
        while (true) {
            var points = new ArrayList<AreaPoint>(List.of(best));
            points.addAll(best.neighbours());
            var around = new ArrayList<Measured>();
            for (AreaPoint point : points) {
                var row = known.get(point);
                if (row == null) {
                    row = point.row(measure.of(point));
                    known.put(point, row);
                }
                around.add(new Measured(point, row));
            }
            around.sort(Comparator.comparingDouble(measured -> measured.row().areaCyclesPerProduct()));
            var least = around.get(0).point();
            if (least.equals(best)) return around.stream().map(Measured::row).toList();
            best = least;
        }
    }
}
