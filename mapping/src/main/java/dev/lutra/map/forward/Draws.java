// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

/**
 * How the tokens of a run are drawn: by the softmax of {@code logits * inverse}, of all tokens or of the best ones.
 *
 * @param inverse 1 / temperature
 * @param best weights of so many tokens are kept, and those equal to the least of them; at least 1
 * @param uniforms for each token a number in [0, 1), a multiple of 2^-23
 */
public record Draws(float inverse, int best, float[] uniforms) {

    /** One of the tokens alone. */
    public Draws of(int index) {
        return new Draws(inverse, best, new float[] {uniforms[index]});
    }
}
