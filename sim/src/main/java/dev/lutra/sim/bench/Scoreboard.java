// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/**
 * Compares what a stream brings with what is expected: in order, or in the order of each key where a design may overtake (a
 * transaction's identifier). Expected items come first. The first difference ends the test, with item, cycle, values and seed.
 */
public final class Scoreboard {
    private final Monitor stream;
    private final long seed;
    private final Function<Item, ?> key;
    private final boolean keyed;
    private final Map<Object, Queue<Item>> expected = new HashMap<>();
    private long compared;

    Scoreboard(Monitor stream, long seed, Function<Item, ?> key, boolean keyed) {
        this.stream = stream;
        this.seed = seed;
        this.key = key;
        this.keyed = keyed;
        stream.forEach(this::actual);
    }

    /** Expects an item behind those before it (of its key). */
    public void expect(Item item) {
        expected.computeIfAbsent(key.apply(item), k -> new ArrayDeque<>()).add(item);
    }

    public void expect(long... words) {
        expect(Item.of(words));
    }

    /** Items that came and were as expected. */
    public long compared() {
        return compared;
    }

    /** Items that are to come. */
    public long missing() {
        return expected.values().stream().mapToLong(Queue::size).sum();
    }

    /** The end of the test: nothing may be missing. */
    public void done() {
        if (missing() > 0) {
            Item first = expected.values().stream()
                    .filter(queue -> !queue.isEmpty())
                    .findFirst()
                    .orElseThrow()
                    .element();
            throw new BenchFailure(
                    stream.name() + ": " + missing() + " of " + (compared + missing()) + " items did not come; the next"
                            + of(first) + " is " + first,
                    seed);
        }
    }

    private void actual(Item item) {
        Queue<Item> queue = expected.get(key.apply(item));
        Item next = queue == null ? null : queue.poll();
        String where = stream.name() + ", item " + compared + of(item) + ", cycle " + stream.lastCycle() + ": ";
        if (next == null) {
            throw new BenchFailure(where + item + " comes, and nothing is expected", seed);
        }
        if (!next.equals(item)) {
            throw new BenchFailure(where + difference(next, item), seed);
        }
        compared++;
    }

    private String of(Item item) {
        return keyed ? " of key " + key.apply(item) : "";
    }

    private String difference(Item wanted, Item item) {
        List<String> fields = stream.fields();
        if (fields.size() == 1 || wanted.size() != item.size()) {
            return "expected " + wanted + ", actual " + item;
        }
        for (int i = 0; i < item.size(); i++) {
            if (wanted.get(i) != item.get(i)) {
                return fields.get(i) + " expected " + wanted.get(i) + ", actual " + item.get(i)
                        + " (all of it: expected " + wanted + ", actual " + item + ")";
            }
        }
        return "expected " + wanted + ", actual " + item;
    }
}
