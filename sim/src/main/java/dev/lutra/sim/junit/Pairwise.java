// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Combinations of option values for tests: all of them, or few in which every pair of values that can stand together does. */
public final class Pairwise {

    private final List<List<?>> options;
    private final Predicate<List<Object>> accepted;
    private @Nullable List<List<Object>> all;

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
        if (all == null) {
            all = product();
        }
        return all;
    }

    private List<List<Object>> product() {
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

    /** Greedily: of the accepted combinations with some pair that is left, one with most of those, until no pair of {@link #all} is left. */
    public List<List<Object>> pairs(Random random) {
        return pairs(random, List.of());
    }

    /**
     * The same, of pairs that stand together in some other combinations already.
     *
     * @param others as many values each, which need not be among those of the options
     */
    public List<List<Object>> pairs(Random random, Collection<List<Object>> others) {
        var all = all();
        var pairs = all.stream().map(this::numbers).toList();
        var open = new BitSet();
        pairs.forEach(open::or);
        for (var other : others) open.andNot(numbers(other));
        var chosen = new ArrayList<List<Object>>();
        while (!open.isEmpty()) {
            int best = 0;
            int most = 0;
            // A pair that is still open must be in some combination.
            int wanted = open.nextSetBit(0);
            int from = random.nextInt(all.size());
            for (int i = 0; i < all.size(); i++) {
                int row = (from + i) % all.size();
                if (!pairs.get(row).get(wanted)) continue;
                var fresh = (BitSet) pairs.get(row).clone();
                fresh.and(open);
                if (fresh.cardinality() > most) {
                    most = fresh.cardinality();
                    best = row;
                }
            }
            open.andNot(pairs.get(best));
            chosen.add(all.get(best));
        }
        return chosen;
    }

    /** The pairs of a combination as numbers; of values that are none of the options', none. */
    private BitSet numbers(List<Object> row) {
        var numbers = new BitSet();
        int base = 0;
        for (int i = 0; i < options.size(); i++) {
            int value = options.get(i).indexOf(row.get(i));
            for (int j = i + 1; j < options.size(); j++) {
                int other = options.get(j).indexOf(row.get(j));
                int values = options.get(j).size();
                if (value >= 0 && other >= 0) numbers.set(base + value * values + other);
                base += options.get(i).size() * values;
            }
        }
        return numbers;
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
