// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.Region;

/** The linear layers of a model as the rest of it sees them: real vectors in, real vectors out. */
public interface Linears {
    /**
     * Multiplies each row by the stacked matrix of a region; rows do not influence one another.
     *
     * @param layer decoder layer; 0 for the head
     * @param rows [row][K]
     * @return [row][N]
     */
    float[][] apply(Region region, int layer, float[][] rows);
}
