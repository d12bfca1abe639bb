// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.util.ArrayList;
import java.util.List;

/** The clocks that all circuits share: some rise together, some in between, some several times in a cycle. */
final class Timing {

    /** When a clock rises first, and how long it takes to rise again. */
    record Wave(int period, int phase) {}

    /** The first one is the base clock, whose edges are the cycles. */
    static final List<Wave> CLOCKS =
            List.of(new Wave(4, 1), new Wave(4, 1), new Wave(3, 0), new Wave(8, 5), new Wave(2, 1), new Wave(7, 2));

    private Timing() {}

    /** The clocks that rise, a bit for each, at every edge of a cycle in order; the base clock rises at the last one. */
    static List<Integer> edges(int cycle) {
        Wave base = CLOCKS.get(0);
        int from = cycle == 0 ? 0 : base.phase() + (cycle - 1) * base.period() + 1;
        int to = base.phase() + cycle * base.period();
        var edges = new ArrayList<Integer>();
        for (int time = from; time <= to; time++) {
            int rising = 0;
            for (int i = 0; i < CLOCKS.size(); i++) {
                Wave wave = CLOCKS.get(i);
                if (time >= wave.phase() && (time - wave.phase()) % wave.period() == 0) {
                    rising |= 1 << i;
                }
            }
            if (rising != 0) {
                edges.add(rising);
            }
        }
        return edges;
    }
}
