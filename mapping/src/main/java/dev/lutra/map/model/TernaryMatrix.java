// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/** A matrix stored as codes -1, 0, +1 with one scale: weight = code x scale. */
public non-sealed interface TernaryMatrix extends WeightMatrix {
    /** The factor that a code is multiplied by, whichever direction the file stores it in. */
    float scale();

    /** Copies one row of codes into the first {@link #cols()} elements of {@code into}. */
    void readCodes(int row, byte[] into);

    @Override
    default void readRow(int row, float[] into) {
        byte[] codes = new byte[cols()];
        readCodes(row, codes);
        for (int c = 0; c < codes.length; c++) {
            into[c] = codes[c] * scale();
        }
    }
}
