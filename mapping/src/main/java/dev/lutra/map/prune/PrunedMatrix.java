// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.pe.dsp.NmRatio;
import java.util.Arrays;

/** A matrix of a checkpoint with the weights that are not kept at 0; rows are pruned as they are read, in pairs if these share their masks. */
record PrunedMatrix(WeightMatrix matrix, float[] norms, NmRatio ratio, boolean pairs) implements FloatMatrix {

    @Override
    public String name() {
        return matrix.name() + " pruned " + ratio;
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int cols() {
        return matrix.cols();
    }

    /** The row that shares the mask, or nothing: zeros. */
    private float[] other(int row) {
        float[] other = new float[cols()];
        if (pairs && (row ^ 1) < rows()) {
            matrix.readRow(row ^ 1, other);
        }
        return other;
    }

    @Override
    public void readRow(int row, float[] into) {
        matrix.readRow(row, into);
        float[] own = into.length == cols() ? into : Arrays.copyOf(into, cols());
        boolean[] kept = NmMask.of(norms, ratio, own, other(row));
        for (int c = 0; c < kept.length; c++) {
            if (!kept[c]) {
                into[c] = 0;
            }
        }
    }
}
