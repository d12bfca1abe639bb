// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.TernaryMatrix;

/** The same of a matrix of ternary codes, which stays one: its scale is that of the checkpoint. */
record PrunedTernaryMatrix(TernaryMatrix matrix, Masks masks) implements TernaryMatrix {

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
    public float scale() {
        return matrix.scale();
    }

    @Override
    public void readCodes(int row, byte[] into) {
        matrix.readCodes(row, into);
        float[] weights = new float[cols()];
        matrix.readRow(row, weights);
        boolean[] kept = masks.of(row, weights);
        for (int c = 0; c < kept.length; c++) {
            if (!kept[c]) {
                into[c] = 0;
            }
        }
    }
}
