// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Linear layers in binary32 with the checkpoint's own weights and no quantisation at all. Holds each matrix that was used as floats. */
public final class FloatLinears implements Linears {
    private record Dense(int rows, int cols, float[] values) {}

    private final LlamaModel model;
    private final Map<Region, Map<Integer, List<Dense>>> used = new EnumMap<>(Region.class);

    public FloatLinears(LlamaModel model) {
        this.model = model;
    }

    @Override
    public float[][] apply(Region region, int layer, float[][] rows) {
        List<Dense> matrices =
                used.computeIfAbsent(region, r -> new HashMap<>()).computeIfAbsent(layer, l -> read(region, l));
        float[][] results = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            results[i] = multiply(matrices, rows[i], region.outputs(model.config()));
        }
        return results;
    }

    private List<Dense> read(Region region, int layer) {
        List<Dense> matrices = new ArrayList<>();
        for (WeightMatrix matrix : model.matrices(region, layer)) {
            matrices.add(new Dense(matrix.rows(), matrix.cols(), matrix.toArray()));
        }
        return matrices;
    }

    private static float[] multiply(List<Dense> matrices, float[] x, int outputs) {
        float[] y = new float[outputs];
        int at = 0;
        for (Dense matrix : matrices) {
            for (int r = 0; r < matrix.rows; r++) {
                y[at++] = FloatMath.dot(matrix.values, r * matrix.cols, x, 0, matrix.cols);
            }
        }
        return y;
    }
}
