// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.map.model.FloatMatrix;
import java.util.SplittableRandom;

/** Weights [rows][cols] to be quantised: their spread differs from row to row, and every other row's are positive. */
public record RandomWeights(int rows, int cols, float[] values) implements FloatMatrix {
    private static final int SPREADS = 5;

    /** Random ones, or all 1. */
    public static RandomWeights of(int rows, int cols, SplittableRandom random, boolean extreme) {
        float[] values = new float[Math.multiplyExact(rows, cols)];
        for (int i = 0; i < values.length; i++) {
            int row = i / cols;
            double value = random.nextDouble(-1, 1) * Math.pow(random.nextDouble(), row % SPREADS);
            values[i] = extreme ? 1 : (float) (row % 2 == 0 ? value : Math.abs(value));
        }
        return new RandomWeights(rows, cols, values);
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public void readRow(int row, float[] into) {
        System.arraycopy(values, row * cols, into, 0, cols);
    }
}
