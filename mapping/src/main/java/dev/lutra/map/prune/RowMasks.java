// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.NmRatio;
import dev.lutra.map.model.WeightMatrix;

/**
 * Which weights of a matrix are kept, found row by row as they are read.
 *
 * @param norms of the columns' activations; empty: all alike
 * @param pairs whether rows 2i and 2i + 1 share a mask; a last row without another has its own
 */
record RowMasks(WeightMatrix matrix, float[] norms, NmRatio ratio, boolean pairs) implements Masks {

    @Override
    public String name() {
        return matrix.name() + " pruned " + ratio;
    }

    @Override
    public boolean[] of(int row, float[] weights) {
        int neighbour = row ^ 1;
        if (!pairs || neighbour >= matrix.rows()) {
            return NmMask.of(norms, ratio, weights);
        }
        float[] other = new float[matrix.cols()];
        matrix.readRow(neighbour, other);
        return NmMask.of(norms, ratio, weights, other);
    }
}
