// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.WeightMatrix;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The weights of greatest score of each row are kept, wherever they are, and the first of equals. Scores are those of {@link NmMask}.
 *
 * @param norms of the columns' activations; empty: all alike
 */
record ShareMasks(WeightMatrix matrix, float[] norms, Kept.Share share) implements Masks {

    @Override
    public String name() {
        return matrix.name() + " pruned " + share;
    }

    @Override
    public boolean[] of(int row, float[] weights) {
        double[] scores = new double[weights.length];
        for (int c = 0; c < scores.length; c++) {
            scores[c] = Math.abs(weights[c] * (norms.length == 0 ? 1.0 : norms[c]));
        }
        boolean[] kept = new boolean[weights.length];
        // the sort is stable
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -scores[c]))
                .limit(share.of(scores.length))
                .forEach(c -> kept[c] = true);
        return kept;
    }
}
