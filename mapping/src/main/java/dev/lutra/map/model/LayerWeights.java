// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/**
 * The weights of one decoder layer.
 *
 * @param attentionNorm RMSNorm gain before attention [hidden]
 * @param q [heads x headDim][hidden]
 * @param k [kvHeads x headDim][hidden]
 * @param v [kvHeads x headDim][hidden]
 * @param o [hidden][heads x headDim]
 * @param mlpNorm RMSNorm gain before the MLP [hidden]
 * @param gate [intermediate][hidden]
 * @param up [intermediate][hidden]
 * @param down [hidden][intermediate]
 */
public record LayerWeights(
        float[] attentionNorm,
        WeightMatrix q,
        WeightMatrix k,
        WeightMatrix v,
        WeightMatrix o,
        float[] mlpNorm,
        WeightMatrix gate,
        WeightMatrix up,
        WeightMatrix down) {}
