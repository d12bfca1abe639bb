// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When the clocks of a design rise. Clock i rises at times {@code phase}, {@code phase + period} and so on; what rises at one
 * time is one edge for all. Clock 0 is the base clock, whose edges are the cycles.
 */
public final class Clocks {
    /** Clocks have a bit each in a word. */
    private static final int MOST = 62;

    private final long[] period;
    private final long[] next;

    /** All clocks rise together, once per unit of time. */
    public Clocks(int count) {
        if (count > MOST) {
            throw new SimulationException("a design with " + count + " clocks: at most " + MOST);
        }
        period = new long[Math.max(1, count)];
        next = new long[period.length];
        Arrays.fill(period, 1);
    }

    /** The names of the clocks of a top: its own {@code clk} if it has one, then its inputs of type clock. */
    public static List<String> of(Module top) {
        var names = new ArrayList<String>();
        if (top.usesClock()) {
            names.add("clk");
        }
        top.ports().stream().filter(p -> p.type() instanceof Type.Clock).forEach(p -> names.add(p.name()));
        return names;
    }

    /** Sets a clock before the first edge. */
    public void set(int clock, long period, long phase) {
        this.period[clock] = period;
        next[clock] = phase;
    }

    /** The clocks that rise at the next time when any does, a bit for each. */
    public long advance() {
        long time = Long.MAX_VALUE;
        for (long at : next) {
            time = Math.min(time, at);
        }
        long rising = 0;
        for (int i = 0; i < next.length; i++) {
            if (next[i] == time) {
                rising |= 1L << i;
                next[i] += period[i];
            }
        }
        return rising;
    }
}
