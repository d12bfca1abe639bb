// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.pe.vector.VectorDraw.Kept;

/**
 * How the tokens of a run are drawn: by the softmax of {@code logits * inverse}, of the best tokens or of the nucleus.
 *
 * @param inverse 1 / temperature
 * @param kept what the limit is of; with the least weight that is kept all that are equal to it are
 * @param limit tokens, at least 1, more than there are for all of them; or part of the probability, 2^-22 to 1
 * @param uniforms for each token a number in [0, 1), a multiple of 2^-23
 */
public record Draws(float inverse, Kept kept, float limit, float[] uniforms) {

    /** Of the k best tokens. */
    public static Draws ofBest(float inverse, int k, float[] uniforms) {
        return new Draws(inverse, Kept.BEST, k, uniforms);
    }

    /** Of the nucleus with a part p of the probability. */
    public static Draws ofNucleus(float inverse, float p, float[] uniforms) {
        return new Draws(inverse, Kept.NUCLEUS, p, uniforms);
    }

    /** One of the tokens alone. */
    public Draws of(int index) {
        return new Draws(inverse, kept, limit, new float[] {uniforms[index]});
    }
}
