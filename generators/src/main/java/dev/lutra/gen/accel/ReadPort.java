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
    SCALES,
    /** The stream of activations and entries to the side engine, where there is one. */
    ENTRIES;

    static final int ID_BITS = 2;

    /** Width of an ID, of machines with or without a side engine. */
    static int idBits(boolean side) {
        return side ? ID_BITS + 1 : ID_BITS;
    }
}
