// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.map.model.FloatMatrix;

/** A matrix in memory. */
public record ArrayMatrix(int rows, int cols, float[] values) implements FloatMatrix {
    @Override
    public String name() {
        return "matrix";
    }

    @Override
    public void readRow(int row, float[] into) {
        System.arraycopy(values, row * cols, into, 0, cols);
    }
}
