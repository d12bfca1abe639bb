// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.List;
import java.util.SplittableRandom;

/** When a driver is willing: to offer its next item, or to take one. */
@FunctionalInterface
public interface Gaps {

    /** Whether it is willing in a cycle; asked once for each, in order. */
    boolean open(SplittableRandom random, long cycle);

    /** In every cycle. */
    static Gaps none() {
        return (random, cycle) -> true;
    }

    /** In {@code open} of {@code of} cycles on the average. */
    static Gaps random(int open, int of) {
        if (of < 1 || open < 0 || open > of) {
            throw new IllegalArgumentException("open in " + open + " of " + of + " cycles");
        }
        return (random, cycle) -> random.nextInt(of) < open;
    }

    /** So many cycles of each in turn, to fill what lies between drivers and to empty it. */
    static Gaps phases(int cycles, Gaps... turns) {
        List<Gaps> all = List.of(turns);
        return (random, cycle) -> all.get((int) (cycle / cycles % all.size())).open(random, cycle);
    }
}
