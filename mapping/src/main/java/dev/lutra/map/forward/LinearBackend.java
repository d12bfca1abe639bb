// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.Region;

/** Whatever multiplies integer activations by quantised weights: a device running the mapped program, or the reference in Java. */
public interface LinearBackend {
    /**
     * Accumulators of one region, exact integers.
     *
     * @param layer decoder layer; 0 for {@link Region#HEAD}
     * @param rows activations [row][K], each in -127..127, or INT16 or binary16 as [row][2K] bytes, little endian; any number of rows from 1 up, which a device splits into chunks itself
     * @return [row][N]: sum of activation x code, times the integer group scale where the weights have groups; binary16 activations as the integers that
     *     they are under the greatest exponent of their row
     */
    long[][] run(Region region, int layer, byte[][] rows);

    /** The same with the sums of outliers, if it computes them. */
    default Sums sums(Region region, int layer, byte[][] rows) {
        return new Sums(run(region, layer, rows), null);
    }
}
