// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import java.util.List;

/** Exact cycle formulas of the bit-serial element. */
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

    /** Cycles of a group's terms with early termination: of four weights, the places in which one of them has a term, but at least one. */
    public static int earlyGroup(SerialType type, int[] codes) {
        int cycles = 0;
        for (int quad = 0; quad < codes.length; quad += LANES) {
            boolean[] used = new boolean[type.terms()];
            for (int k = quad; k < Math.min(quad + LANES, codes.length); k++) {
                List<SerialTerm> terms = SerialTerm.of(type, codes[k]);
                for (int i = 0; i < used.length; i++) {
                    used[i] |= terms.get(i).one();
                }
            }
            int places = 0;
            for (boolean place : used) {
                places += place ? 1 : 0;
            }
            cycles += Math.max(1, places);
        }
        return cycles;
    }

    /**
     * Cycles that a group waits for the dequantisation of the one before: none from 8 cycles up, so without early termination none for 16 weights of any
     * type, with it none for 32.
     *
     * @param cycles of the group's terms
     */
    public static int stalls(int cycles) {
        return Math.max(0, SCALE - cycles);
    }
}
