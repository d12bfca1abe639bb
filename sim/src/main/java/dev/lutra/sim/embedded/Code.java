// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

/** Generated code: a run of steps over the state of one simulation. */
abstract class Code {

    /** Runs the steps. */
    abstract void run();
}
