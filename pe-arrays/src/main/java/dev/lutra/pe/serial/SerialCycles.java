// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

/** Exact cycle formula of the bit-serial engine without early termination. */
public final class SerialCycles {

    /** Weights that a processing element takes at once. */
    public static final int LANES = 4;

    /** Cycles in which a group's zero point, and then its scale, is applied beside the terms of the next ones. */
    public static final int SCALE = 8;

    private SerialCycles() {}

    /** Cycles of a group's terms: four weights take as many cycles as the type has terms. */
    public static int group(int weights, SerialType type) {
        return (weights + LANES - 1) / LANES * type.terms();
    }

    /** Cycles that a group waits for the scale of the one before: none from 8 cycles up, so none for 16 weights of any type. */
    public static int stalls(int weights, SerialType type) {
        return Math.max(0, SCALE - group(weights, type));
    }
}
