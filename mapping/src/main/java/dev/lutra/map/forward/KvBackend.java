// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;

/** Whatever multiplies activations by cached keys and values: a device, or the reference in Java. */
public interface KvBackend {
    /**
     * Accumulators of one product, exact integers.
     *
     * @param place where in the cache the page is
     * @param page what it holds now
     * @param rows activations [row][K], each in the range of the activations' type; any number of rows from 1 up
     * @return [row][N]: sum of activation x code
     */
    long[][] run(KvProduct product, Place place, KvPage page, byte[][] rows);

    /**
     * Where a page is.
     *
     * @param layer decoder layer
     * @param head key/value head
     * @param index it holds positions from {@code index} x {@link KvPage#POSITIONS} on
     */
    record Place(int layer, int head, int index) {}
}
