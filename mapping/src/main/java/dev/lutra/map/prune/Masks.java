// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

/** Which weights of a matrix are kept. */
interface Masks {

    /** The name of the matrix when pruned. */
    String name();

    /**
     * The mask of a row.
     *
     * @param weights of the row, as the matrix reads them
     */
    boolean[] of(int row, float[] weights);
}
