// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import org.jspecify.annotations.Nullable;

/** Whole steps of a decoder, which keeps keys and values of its positions itself: a device with a vector unit, or the model of one. */
public interface DecodeStep {

    /** Told of each token of a run as it comes. */
    @FunctionalInterface
    interface Choice {
        /**
         * @param logit the greatest one
         * @param token the number of the first one that has it, or the one that was drawn; where logits are no numbers, that of the first that is none
         */
        void accept(float logit, int token);
    }

    /**
     * Runs tokens through the decoder, after the last one the number of the greatest logit, and so on until such a number ends a text.
     *
     * @param tokens at least one; none of these ends anything
     * @param position positions before the first, each of which has had its step; what was kept of later ones is forgotten
     * @param steps at most, from as many as there are tokens to {@link #most}
     * @param draws how the tokens that follow are drawn, those of the steps from the last one of {@code tokens} on; null for the number of the greatest logit
     * @param choices given the token that each step ends with, from the step of the last one of {@code tokens} on; what it throws ends the run
     */
    void run(int[] tokens, int position, int steps, @Nullable Draws draws, Choice choices);

    /** A run in which the greatest logits count. */
    default void run(int[] tokens, int position, int steps, Choice choices) {
        run(tokens, position, steps, null, choices);
    }

    /** A run after one token. */
    default void run(int token, int position, int steps, Choice choices) {
        run(new int[] {token}, position, steps, choices);
    }

    /**
     * Keeps key and value of a position as its step would have done, in one layer; what was kept of later ones is forgotten.
     *
     * @param key [kvWidth], turned
     * @param value [kvWidth]
     */
    void keep(int layer, int position, float[] key, float[] value);

    /** Whether it draws tokens. */
    boolean draws();

    /** Steps of a run, at most. */
    int most();

    /** Logits of a step of the last run, [vocab]. */
    float[] logits(int step);
}
