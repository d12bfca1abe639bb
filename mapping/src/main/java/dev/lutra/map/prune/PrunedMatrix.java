// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.WeightMatrix;
import java.util.Arrays;

/** A matrix of a checkpoint with the weights that are not kept at 0. */
record PrunedMatrix(WeightMatrix matrix, Masks masks) implements FloatMatrix {

    @Override
    public String name() {
        return masks.name();
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int cols() {
        return matrix.cols();
    }

    @Override
    public void readRow(int row, float[] into) {
        matrix.readRow(row, into);
        boolean[] kept = masks.of(row, into.length == cols() ? into : Arrays.copyOf(into, cols()));
        for (int c = 0; c < kept.length; c++) {
            if (!kept[c]) {
                into[c] = 0;
            }
        }
    }
}
