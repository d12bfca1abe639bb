// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

/** Attention without its projections: what happens between queries, keys and values. */
interface Attention {
    /**
     * Appends keys and values to the cache and mixes, for each token, the values of all positions up to its own. A token's result does not
     * depend on which others come with it.
     *
     * @param cache of positions before these; {@link KvCache#advance} is not yet told of them
     * @param qkv [token][queries, keys, values], turned by the rotary embedding
     * @return [token][heads x headDim]
     */
    float[][] mix(int layer, KvCache cache, float[][] qkv);
}
