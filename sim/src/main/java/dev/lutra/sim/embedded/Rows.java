// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

/** Generated code: moves a row of stimulus into the inputs of a design, a row of response out of its outputs. */
abstract class Rows {

    /** Sets the inputs from the words of a row that starts at {@code at}. */
    abstract void take(long[] row, int at);

    /** Stores the outputs of a settled design to a row that starts at {@code at}. */
    abstract void give(long[] row, int at);
}
