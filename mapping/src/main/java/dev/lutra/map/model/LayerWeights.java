// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/**
 * The weights of one decoder layer.
 *
 * @param attentionNorm RMSNorm gain before attention [hidden]
 * @param q [heads x headDim][hidden]
 * @param k [kvHeads x headDim][hidden]
 * @param v [kvHeads x headDim][hidden]
 * @param qkvBias added to the products with q, k and v, stacked in this order; empty without biases
 * @param attentionSubNorm RMSNorm gain before o [heads x headDim]; empty without sub-norms
 * @param o [hidden][heads x headDim]
 * @param mlpNorm RMSNorm gain before the MLP [hidden]
 * @param gate [intermediate][hidden]
 * @param up [intermediate][hidden]
 * @param mlpSubNorm RMSNorm gain before down [intermediate]; empty without sub-norms
 * @param down [hidden][intermediate]
 */
public record LayerWeights(
        float[] attentionNorm,
        WeightMatrix q,
        WeightMatrix k,
        WeightMatrix v,
        float[] qkvBias,
        float[] attentionSubNorm,
        WeightMatrix o,
        float[] mlpNorm,
        WeightMatrix gate,
        WeightMatrix up,
        float[] mlpSubNorm,
        WeightMatrix down) {

    private static final float[] NONE = {};

    /** A layer of LLaMA: no biases, no sub-norms. */
    public LayerWeights(
            float[] attentionNorm,
            WeightMatrix q,
            WeightMatrix k,
            WeightMatrix v,
            WeightMatrix o,
            float[] mlpNorm,
            WeightMatrix gate,
            WeightMatrix up,
            WeightMatrix down) {
        this(attentionNorm, q, k, v, NONE, NONE, o, mlpNorm, gate, up, NONE, down);
    }
}
