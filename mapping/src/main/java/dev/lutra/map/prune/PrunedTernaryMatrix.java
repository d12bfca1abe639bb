// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.pe.dsp.NmRatio;

/** The same of a matrix of ternary codes, which stays one: its scale is that of the checkpoint. */
record PrunedTernaryMatrix(TernaryMatrix matrix, float[] norms, NmRatio ratio, boolean pairs) implements TernaryMatrix {

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

    @Override
    public float scale() {
        return matrix.scale();
    }

    @Override
    public void readCodes(int row, byte[] into) {
        matrix.readCodes(row, into);
        float[] own = new float[cols()];
        float[] other = new float[cols()];
        for (int c = 0; c < own.length; c++) {
            own[c] = into[c];
        }
        if (pairs && (row ^ 1) < rows()) {
            matrix.readRow(row ^ 1, other);
        }
        boolean[] kept = NmMask.of(norms, ratio, own, other);
        for (int c = 0; c < kept.length; c++) {
            if (!kept[c]) {
                into[c] = 0;
            }
        }
    }
}
