// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/** A matrix of a checkpoint, [rows][cols] = [outputs][inputs]; rows are read on demand, so that a large file need not fit the heap. */
public sealed interface WeightMatrix permits FloatMatrix, TernaryMatrix {
    /** Where it came from, for messages: file and tensor. */
    String name();

    int rows();

    int cols();

    /**
     * Copies one row as real values into the first {@link #cols()} elements of {@code into}.
     *
     * @throws dev.lutra.machine.UserException if an element is infinite or not a number
     */
    void readRow(int row, float[] into);

    /** All elements, row-major. */
    default float[] toArray() {
        float[] all = new float[Math.multiplyExact(rows(), cols())];
        float[] row = new float[cols()];
        for (int r = 0; r < rows(); r++) {
            readRow(r, row);
            System.arraycopy(row, 0, all, r * cols(), cols());
        }
        return all;
    }
}
