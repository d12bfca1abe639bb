// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.Arrays;
import java.util.List;

/**
 * A unit with an in-order queue. Token counters (4 bits) exist between LDA and MX, between MX and ST, and between VEC and each of these, one in each
 * direction; weights and scales flow from LDW to MX as streams and need no tokens.
 */
public enum Unit {
    /** Loads activations into a half of the activation buffer. */
    LDA,
    /** Streams weights and scales into their rings. */
    LDW,
    /** The matrix engine. */
    MX,
    /** Stores a half of the output buffer. */
    ST,
    /** The vector unit, where a machine has one. */
    VEC;

    /** Largest value of a token counter. A post to a full counter waits. */
    public static final int MAX_TOKENS = 15;

    /** Units of a machine, in the order of their bits. */
    public static List<Unit> of(Machine machine) {
        return Arrays.stream(values())
                .filter(unit -> unit != VEC || machine.vector().exists())
                .toList();
    }

    /** This unit's bit in a wait or post mask. */
    public int bit() {
        return 1 << ordinal();
    }

    /** Whether there are token counters between this unit and {@code other}. */
    public boolean pairsWith(Unit other) {
        return (peers() & other.bit()) != 0;
    }

    /** The mask of the units this one has token counters with. */
    public int peers() {
        return switch (this) {
            case LDA, ST -> MX.bit() | VEC.bit();
            case MX -> LDA.bit() | ST.bit() | VEC.bit();
            case VEC -> LDA.bit() | MX.bit() | ST.bit();
            case LDW -> 0;
        };
    }

    /**
     * Tokens in the counter from this unit to {@code consumer} at the start of a region, and again at HALT: both halves
     * of a double buffer belong to their writer at first. Those of VEC begin at 0.
     */
    public int presetTo(Unit consumer) {
        return (this == MX && consumer == LDA) || (this == ST && consumer == MX) ? 2 : 0;
    }
}
