// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Takes a stream out of the design, with gaps. */
public final class Sink {
    private final Monitor monitor;
    private final int ready;
    private final SplittableRandom random;
    private final List<Item> items = new ArrayList<>();
    private Gaps gaps = Gaps.none();

    Sink(Monitor monitor, int ready, SplittableRandom random) {
        this.monitor = monitor;
        this.ready = ready;
        this.random = random;
        monitor.forEach(items::add);
    }

    /** When it is ready; in every cycle unless said. */
    public Sink gaps(Gaps when) {
        gaps = when;
        return this;
    }

    /** Calls for each item taken from now on, in order. */
    public Sink forEach(Consumer<Item> listener) {
        monitor.forEach(listener);
        return this;
    }

    /** What was taken so far. */
    public List<Item> items() {
        return items;
    }

    public Monitor taken() {
        return monitor;
    }

    void fill(LongBuffer rows, int stride, int count, long cycle) {
        for (int i = 0; i < count; i++) {
            rows.put(i * stride + ready, gaps.open(random, cycle + i) ? 1 : 0);
        }
    }
}
