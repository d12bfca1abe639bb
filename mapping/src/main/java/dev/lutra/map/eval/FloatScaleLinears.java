// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.eval;

import dev.lutra.machine.ActivationType;
import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.Int8Row;
import dev.lutra.map.forward.Linears;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.map.quant.FloatScaleMatrix;
import dev.lutra.map.quant.Outliers;
import dev.lutra.map.quant.WeightFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Activations of a type and low-bit codes with real-valued scales, the head in floating point. */
final class FloatScaleLinears implements Linears {
    private final Linears head;
    private final Outliers outliers;
    private final ActivationType activations;
    private final Map<Region, List<List<FloatScaleMatrix>>> matrices = new EnumMap<>(Region.class);

    /** @param percent of the weights that are kept apart */
    FloatScaleLinears(
            LlamaModel model, WeightFormat format, int groupSize, ActivationType activations, double percent) {
        this.activations = activations;
        outliers = new Outliers(model, percent);
        head = new FloatLinears(model);
        for (Region region : Region.OF_A_LAYER) {
            List<List<FloatScaleMatrix>> ofLayers = new ArrayList<>();
            for (int layer = 0; layer < model.config().layers(); layer++) {
                List<FloatScaleMatrix> parts = new ArrayList<>();
                for (WeightMatrix matrix : outliers.rest(model, region, layer)) {
                    parts.add(new FloatScaleMatrix(matrix, format, groupSize));
                }
                ofLayers.add(parts);
            }
            matrices.put(region, ofLayers);
        }
    }

    @Override
    public float[][] apply(Region region, int layer, float[][] rows) {
        List<List<FloatScaleMatrix>> ofLayers = matrices.get(region);
        if (ofLayers == null) {
            return head.apply(region, layer, rows);
        }
        List<FloatScaleMatrix> parts = ofLayers.get(layer);
        int outputs = parts.stream().mapToInt(FloatScaleMatrix::rows).sum();
        float[][] results = new float[rows.length][outputs];
        for (int i = 0; i < rows.length; i++) {
            Int8Row row = Int8Row.of(rows[i], activations);
            int[] integers = row.integers(activations);
            int at = 0;
            for (FloatScaleMatrix part : parts) {
                for (int n = 0; n < part.rows(); n++) {
                    results[i][at++] = (float) (part.dot(n, integers) * row.scale());
                }
            }
            outliers.add(region, layer, integers, row.scale(), results[i]);
        }
        return results;
    }
}
