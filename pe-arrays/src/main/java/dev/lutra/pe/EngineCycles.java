// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.machine.Engine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Tables;

/**
 * Compute cycles of MX instructions, whatever the memory does. Where sums stay they are those of {@link LutCoreCycles}. Where tables stay, the first
 * table is written before the first slot and each further one beside the slots of the one before, which take at least as long:
 * {@code L + (kSteps - 1) max(blocks passes, L) + blocks passes} with {@code L = g + 2^(g-1)}.
 */
public final class EngineCycles {

    private EngineCycles() {}

    /**
     * Cycles of one instruction.
     *
     * @param bits planes of the weights' format
     * @param kept weights that are stored, of how many
     * @param kSteps steps of the reduction
     * @param gSteps steps per scale group; 0: not scaled
     * @param blocks blocks of n columns
     */
    public static long of(Engine engine, int bits, NmRatio kept, int kSteps, int gSteps, int blocks) {
        int passes = engine.passes(bits, kept);
        if (!engine.tables().stay()) {
            return LutCoreCycles.product(passes, kSteps, gSteps, blocks);
        }
        long load = Tables.writeCycles(engine.g());
        long slots = (long) blocks * passes;
        return load + (kSteps - 1) * Math.max(slots, load) + slots;
    }
}
