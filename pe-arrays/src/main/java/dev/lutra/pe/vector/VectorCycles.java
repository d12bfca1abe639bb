// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import java.util.List;

/**
 * Exact cycle formula of the vector unit. A pass occupies the unit for {@link #slots} cycles, one row each and then what its reduction takes; what a slot
 * writes can be read {@link #LATENCY} cycles after it.
 */
public final class VectorCycles {

    /** Cycles from the slot of a row to the first one that can read what it wrote, scalar registers included. */
    public static final int LATENCY = VectorTiming.WRITE + 1;

    private VectorCycles() {}

    /** Cycles in which the unit takes no other pass. */
    public static int slots(VectorShape shape, VectorPass pass) {
        int rows = shape.rowsOf(pass.length());
        return switch (pass.reduction()) {
            case NONE, FIRST, PAIRS -> rows;
            case PARTS, RUNS -> (rows + 3) / 4 * 4 * pass.parts();
            case SUM -> (rows + 3) / 4 * 4 + 12 + 4 * shape.levels();
            case MAXIMUM -> rows + shape.levels() + 1;
            case ARGUMENT -> rows + shape.levels() + 2;
        };
    }

    /** Cycles of some passes that are ready one after the other on an idle unit: from the first slot until all is written. */
    public static long of(VectorShape shape, List<VectorPass> passes) {
        long before = -LATENCY;
        long free = 0;
        for (var pass : passes) {
            long start = switch (pass.after()) {
                case NOTHING -> free;
                case ROWS -> Math.max(free, before + LATENCY);
                case ALL -> before == -LATENCY ? free : free - 1 + LATENCY;
            };
            before = start;
            free = start + slots(shape, pass);
        }
        return free - 1 + LATENCY;
    }
}
