// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/**
 * In what the layers of a decoder differ from those of others.
 *
 * @param qkvBiases a bias is added to queries, keys and values, before they are turned
 * @param subNorms one more RMSNorm before the output projection of attention, and one before the down projection
 */
public record LayerVariant(Gate gate, boolean qkvBiases, boolean subNorms) {
    /** The layers of LLaMA. */
    public static final LayerVariant LLAMA = new LayerVariant(Gate.SILU, false, false);

    /** The same with another gate. */
    public LayerVariant with(Gate gate) {
        return new LayerVariant(gate, qkvBiases, subNorms);
    }
}
