// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

/** Readers of the shared memory port; the ordinal travels with each burst as its AXI ID. */
enum ReadPort {
    /** The sequencer, filling the program cache. */
    PROGRAM,
    /** The activation load unit. */
    ACTIVATIONS,
    /** The weight stream of the weight load unit. */
    WEIGHTS,
    /** The scale stream of the weight load unit. */
    SCALES;

    static final int ID_BITS = 2;
}
