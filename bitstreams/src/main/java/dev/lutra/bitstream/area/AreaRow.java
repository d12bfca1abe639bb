// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

/**
 * One engine on one target.
 *
 * @param engine with its target and the width of its weights
 * @param synthesis its area and path
 */
public record AreaRow(AreaEngine engine, Synthesis synthesis) {

    /** Area times cycles of a product: the lower, the better. */
    public double areaCyclesPerProduct() {
        return synthesis.area() / engine.productsPerCycle();
    }
}
