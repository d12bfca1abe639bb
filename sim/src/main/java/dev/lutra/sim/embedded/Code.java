// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

/** Generated code: a run of steps over the state. */
abstract class Code {

    /**
     * Runs the steps.
     *
     * @param ints values of up to 32 bits
     * @param longs longer values
     * @param arrays memories and tables, each an {@code int[]} or a {@code long[]}
     */
    abstract void run(int[] ints, long[] longs, Object[] arrays);
}
