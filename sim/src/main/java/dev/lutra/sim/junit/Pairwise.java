// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** Combinations of option values for tests: all of them, or few in which every pair of values that can stand together does. */
public final class Pairwise {

    private final List<List<?>> options;
    private final Predicate<List<Object>> accepted;

    /**
     * @param options the values of each option
     * @param accepted whether a combination, a value of each option, can be had
     */
    public Pairwise(List<List<?>> options, Predicate<List<Object>> accepted) {
        this.options = options;
        this.accepted = accepted;
    }

    /** All accepted combinations. */
    public List<List<Object>> all() {
        List<List<Object>> rows = List.of(List.of());
        for (List<?> values : options) {
            var longer = new ArrayList<List<Object>>();
            for (List<Object> row : rows) {
                for (Object value : values) {
                    var more = new ArrayList<>(row);
                    more.add(value);
                    longer.add(more);
                }
            }
            rows = longer;
        }
        return rows.stream().filter(accepted).toList();
    }

    /** Greedily: of many random accepted combinations the one with most new pairs, until no pair of {@link #all} is left. */
    public List<List<Object>> pairs(Random random) {
        var all = all();
        Set<List<Object>> open = new HashSet<>();
        for (var row : all) open.addAll(pairsOf(row));
        var chosen = new ArrayList<List<Object>>();
        while (!open.isEmpty()) {
            List<Object> best = List.of();
            long most = 0;
            // A pair that is still open must be in some combination; among random ones the best is near the best of
            // all.
            var wanted = open.iterator().next();
            for (int i = 0; i < 60 || most == 0; i++) {
                var row = all.get(random.nextInt(all.size()));
                var pairs = pairsOf(row);
                if (i >= 60 && !pairs.contains(wanted)) continue;
                long fresh = pairs.stream().filter(open::contains).count();
                if (fresh > most) {
                    most = fresh;
                    best = row;
                }
            }
            pairsOf(best).forEach(open::remove);
            chosen.add(best);
        }
        return chosen;
    }

    /** The pairs of values that stand together in a combination. */
    public static Set<List<Object>> pairsOf(List<Object> row) {
        var pairs = new HashSet<List<Object>>();
        for (int i = 0; i < row.size(); i++) {
            for (int j = i + 1; j < row.size(); j++) pairs.add(List.of(i, row.get(i), j, row.get(j)));
        }
        return pairs;
    }
}
