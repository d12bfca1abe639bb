// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

/** A whole step of a decoder, which keeps keys and values of its positions itself: a device with a vector unit, or the model of one. */
public interface DecodeStep {
    /**
     * Runs a token through the decoder.
     *
     * @param position positions before it, each of which has had its step; what was kept of later ones is forgotten
     */
    void run(int token, int position);

    /**
     * Keeps key and value of a position as its step would have done, in one layer; what was kept of later ones is forgotten.
     *
     * @param key [kvWidth], turned
     * @param value [kvWidth]
     */
    void keep(int layer, int position, float[] key, float[] value);

    /** Logits of the last step, [vocab]. */
    float[] logits();

    /** The number of the greatest of them, the first one that has it. */
    int greatest();
}
