// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

/** Looks at some ports in every cycle, as they are before its edge. */
@FunctionalInterface
public interface Observer {

    /** @param values the words of the ports in order, as in an {@link Item}; the array is used again */
    void cycle(long cycle, long[] values);
}
