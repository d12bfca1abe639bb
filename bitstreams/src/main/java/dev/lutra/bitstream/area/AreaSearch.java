// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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

    /** The best point, then its neighbours, best first. */
    public static List<AreaRow> from(AreaPoint start, Measure measure) throws InterruptedException {
        Map<AreaPoint, AreaRow> known = new LinkedHashMap<>();
        var best = start;
        while (true) {
            var around = new ArrayList<AreaPoint>(List.of(best));
            around.addAll(best.neighbours());
            for (AreaPoint point : around) {
                if (!known.containsKey(point)) known.put(point, point.row(measure.of(point)));
            }
            var order = Comparator.comparingDouble((AreaPoint point) -> known.get(point).areaCyclesPerProduct());
            var next = around.stream().min(order).orElseThrow();
            if (next.equals(best)) {
                return around.stream().sorted(order).map(known::get).toList();
            }
            best = next;
        }
    }
}
