// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.machine.VectorShape;
import dev.lutra.map.model.Region;
import java.util.stream.IntStream;

/**
 * The outputs of GATE_UP on a machine with a vector unit: both vectors begin at a row of its scratchpad. Where the gated width is no multiple of the lanes, outputs that nobody
 * reads lie between them.
 */
public final class GatedRows {
    private GatedRows() {}

    /** Whether a region, or the part of one that has some of its layers, is GATE_UP. */
    public static boolean are(String region) {
        return region.equals(Region.GATE_UP.name()) || region.startsWith(Region.GATE_UP.name() + ".");
    }

    /** Outputs of a gated width: all of GATE, what fills up its last row, all of UP. */
    public static int outputs(VectorShape vector, int width) {
        return begin(vector, width) + width;
    }

    /** The gated width of so many outputs. */
    public static int width(VectorShape vector, int outputs) {
        if (!vector.exists()) {
            return outputs / 2;
        }
        int rows = (vector.rowsOf(outputs) + 1) / 2;
        return outputs - rows * vector.lanes();
    }

    /** Which of the 2 x width outputs of the model each one is; those that nobody reads are the last of GATE. */
    public static int[] order(VectorShape vector, int width) {
        int up = begin(vector, width);
        return IntStream.range(0, up + width)
                .map(i -> i < up ? Math.min(i, width - 1) : i - up + width)
                .toArray();
    }

    private static int begin(VectorShape vector, int width) {
        return vector.exists() ? vector.rowsOf(width) * vector.lanes() : width;
    }
}
