// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.model.WeightMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tiles of a layer's region are kept: of each block of rows those whose squared scores have the greatest sums, the first of equals. Scores are those of
 * {@link NmMask}. Blocks go over the rows of all matrices of the region, as an engine stacks them.
 */
final class TileGrid {
    private final List<WeightMatrix> matrices;
    private final float[] norms;
    private final Kept.Tiles tiles;
    /** [block][tile]; null until a row is asked for, since all rows must be read before. */
    private boolean @Nullable [][] kept;

    /** @param norms of the columns' activations; empty: all alike */
    TileGrid(List<WeightMatrix> matrices, float[] norms, Kept.Tiles tiles) {
        this.matrices = matrices;
        this.norms = norms;
        this.tiles = tiles;
    }

    /** The masks of one of the matrices. */
    Masks of(WeightMatrix matrix) {
        int first = 0;
        for (int i = 0; matrices.get(i) != matrix; i++) {
            first += matrices.get(i).rows();
        }
        return new Part(this, matrix, first);
    }

    private record Part(TileGrid grid, WeightMatrix matrix, int first) implements Masks {
        @Override
        public String name() {
            return matrix.name() + " pruned " + grid.tiles;
        }

        @Override
        public boolean[] of(int row, float[] weights) {
            boolean[] tilesKept = grid.kept()[(first + row) / grid.tiles.rows()];
            boolean[] mask = new boolean[matrix.cols()];
            for (int c = 0; c < mask.length; c++) {
                mask[c] = tilesKept[c / grid.tiles.columns()];
            }
            return mask;
        }
    }

    private synchronized boolean[][] kept() {
        if (kept == null) {
            double[][] sums = sums();
            kept = new boolean[sums.length][];
            for (int block = 0; block < sums.length; block++) {
                kept[block] = greatest(sums[block], tiles.of(sums[block].length));
            }
        }
        return kept;
    }

    private double[][] sums() {
        int cols = matrices.get(0).cols();
        int rows = matrices.stream().mapToInt(WeightMatrix::rows).sum();
        double[][] sums = new double[up(rows, tiles.rows())][up(cols, tiles.columns())];
        float[] weights = new float[cols];
        int at = 0;
        for (WeightMatrix matrix : matrices) {
            for (int row = 0; row < matrix.rows(); row++, at++) {
                matrix.readRow(row, weights);
                double[] of = sums[at / tiles.rows()];
                for (int c = 0; c < cols; c++) {
                    double score = weights[c] * (norms.length == 0 ? 1.0 : norms[c]);
                    of[c / tiles.columns()] += score * score;
                }
            }
        }
        return sums;
    }

    private static boolean[] greatest(double[] sums, int count) {
        boolean[] kept = new boolean[sums.length];
        for (int n = 0; n < count; n++) {
            int best = -1;
            for (int i = 0; i < sums.length; i++) {
                if (!kept[i] && (best < 0 || sums[i] > sums[best])) {
                    best = i;
                }
            }
            kept[best] = true;
        }
        return kept;
    }

    private static int up(int a, int b) {
        return (a + b - 1) / b;
    }
}
