// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.NmRatio;

/**
 * Chooses which N of each M neighbours of a row are kept: those of greatest score, the lower column of equals. The score is the magnitude, or
 * {@code |w| |x|} with the norm of the column's activations (Wanda, Sun et al., ICLR 2024). Of a last block with fewer than M columns as
 * many are kept as there are, up to N.
 */
final class NmMask {
    private NmMask() {}

    /**
     * The mask of a row, or of rows that share it: theirs is the root of the sum of squared scores.
     *
     * @param norms of the columns' activations; empty: all alike
     */
    static boolean[] of(float[] norms, NmRatio ratio, float[]... rows) {
        int cols = rows[0].length;
        boolean[] kept = new boolean[cols];
        for (int from = 0; from < cols; from += ratio.m()) {
            int to = Math.min(from + ratio.m(), cols);
            for (int n = 0; n < Math.min(ratio.n(), to - from); n++) {
                int best = -1;
                double bestScore = -1;
                for (int c = from; c < to; c++) {
                    double score = 0;
                    for (float[] row : rows) {
                        double one = row[c] * (norms.length == 0 ? 1.0 : norms[c]);
                        score += one * one;
                    }
                    if (!kept[c] && score > bestScore) {
                        best = c;
                        bestScore = score;
                    }
                }
                kept[best] = true;
            }
        }
        return kept;
    }
}
