// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

/** The two products of attention with what is cached, each of one head and one {@link KvPage}. */
public enum KvProduct {
    /** Queries with keys: k = elements of a head, n = positions of a page. */
    KEYS,
    /** Weights of positions with values: k = positions of a page, n = elements of a head. */
    VALUES;

    /** Inputs K, of heads of so many elements. */
    public int inputs(int headDim) {
        return this == KEYS ? headDim : KvPage.POSITIONS;
    }

    /** Outputs N, of heads of so many elements. */
    public int outputs(int headDim) {
        return this == KEYS ? KvPage.POSITIONS : headDim;
    }
}
