// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

import java.util.List;

/**
 * The sizes and constants of a LLaMA-style decoder.
 *
 * @param hidden width of the residual stream
 * @param intermediate width of the gated MLP
 * @param layers decoder layers
 * @param heads query heads; query head h reads key/value head h / (heads / kvHeads)
 * @param kvHeads key/value heads, a divisor of heads
 * @param headDim elements per head, even; heads x headDim need not equal hidden
 * @param vocab rows of the embedding
 * @param context largest number of positions the model was made for
 * @param ropeTheta base of the rotary angles: position / ropeTheta^(2i / headDim)
 * @param ropePairing which elements of a head are turned together
 * @param rmsEps added to the mean square before its root
 * @param tiedHead the embedding is also the output matrix
 * @param bosToken id put before a prompt, or -1 if the checkpoint names none
 * @param endTokens ids that end a text
 * @param layer in what its layers differ from those of others
 */
public record LlamaConfig(
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int vocab,
        int context,
        float ropeTheta,
        RopePairing ropePairing,
        float rmsEps,
        boolean tiedHead,
        int bosToken,
        List<Integer> endTokens,
        LayerVariant layer) {

    /** Largest value of any one size: keeps every product of two sizes in a long, and sums of three in an int. */
    public static final int MAX_SIZE = 1 << 24;

    /** Throws IllegalArgumentException naming the value that is out of range or does not fit the others. */
    public LlamaConfig {
        size("hidden size", hidden);
        size("intermediate size", intermediate);
        size("layer count", layers);
        size("query head count", heads);
        size("key/value head count", kvHeads);
        size("head size", headDim);
        size("vocabulary size", vocab);
        size("context length", context);
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    heads + " query heads are not a multiple of " + kvHeads + " key/value heads");
        }
        if (headDim % 2 != 0) {
            throw new IllegalArgumentException(
                    "the head size " + headDim + " is odd, but the rotary embedding turns pairs");
        }
        if ((long) heads * headDim > MAX_SIZE) {
            throw new IllegalArgumentException(
                    heads + " heads of " + headDim + " elements are more than " + MAX_SIZE + " in all");
        }
        if (!(ropeTheta >= 1 && ropeTheta <= 1e12f)) {
            throw new IllegalArgumentException("the rotary base " + ropeTheta + " is not in 1 .. 1e12");
        }
        if (!(rmsEps >= 0 && rmsEps < 1)) {
            throw new IllegalArgumentException("the RMSNorm epsilon " + rmsEps + " is not in 0 .. 1");
        }
        if (bosToken < -1 || bosToken >= vocab) {
            throw new IllegalArgumentException(
                    "the start token " + bosToken + " is not in the vocabulary of " + vocab + " ids");
        }
        for (int end : endTokens) {
            if (end < 0 || end >= vocab) {
                throw new IllegalArgumentException(
                        "the end token " + end + " is not in the vocabulary of " + vocab + " ids");
            }
        }
        endTokens = List.copyOf(endTokens);
    }

    /** With the layers of LLaMA. */
    public LlamaConfig(
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads,
            int headDim,
            int vocab,
            int context,
            float ropeTheta,
            RopePairing ropePairing,
            float rmsEps,
            boolean tiedHead,
            int bosToken,
            List<Integer> endTokens) {
        this(
                hidden,
                intermediate,
                layers,
                heads,
                kvHeads,
                headDim,
                vocab,
                context,
                ropeTheta,
                ropePairing,
                rmsEps,
                tiedHead,
                bosToken,
                endTokens,
                LayerVariant.LLAMA);
    }

    private static void size(String what, int value) {
        if (value < 1 || value > MAX_SIZE) {
            throw new IllegalArgumentException("the " + what + " " + value + " is not in 1 .. " + MAX_SIZE);
        }
    }

    /** Elements of all query heads of one position: heads x headDim. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Elements of all keys, or all values, of one position: kvHeads x headDim. */
    public int kvWidth() {
        return kvHeads * headDim;
    }
}
