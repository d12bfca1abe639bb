// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

/** Requests of the pipe, numbered by their place; those up to CLOCK and SELECT have no answer. As in {@code lutra_vpi.cc}. */
enum Operation {
    INIT,
    POKE,
    ZERO,
    CLOCK,
    SELECT,
    PEEK,
    STEP,
    RESET,
    UNTIL,
    BATCH,
    MORE,
    ATTACH,
    INJECT,
    CLEAR_FAULTS,
    STATISTICS,
    TRACE,
    QUIT
}
