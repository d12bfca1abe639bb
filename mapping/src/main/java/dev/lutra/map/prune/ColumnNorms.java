// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.Linears;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Norms of the inputs of every layer over a text for calibration, per column: what weights are multiplied by, on the whole. */
public final class ColumnNorms {
    private final Map<Region, List<double[]>> squares = new EnumMap<>(Region.class);

    /** Runs the model in floating point over sequences of tokens. */
    public ColumnNorms(LlamaModel model, List<int[]> sequences) {
        for (Region region : Region.OF_A_LAYER) {
            List<double[]> layers = new ArrayList<>();
            for (int layer = 0; layer < model.config().layers(); layer++) {
                layers.add(new double[region.inputs(model.config())]);
            }
            squares.put(region, layers);
        }
        Linears linears = new FloatLinears(model);
        Transformer transformer = new Transformer(model, (region, layer, rows) -> {
            List<double[]> layers = squares.get(region);
            if (layers != null) {
                add(layers.get(layer), rows);
            }
            return linears.apply(region, layer, rows);
        });
        for (int[] ids : sequences) {
            transformer.all(ids, new KvCache(model.config()));
        }
    }

    private static void add(double[] sums, float[][] rows) {
        for (float[] row : rows) {
            for (int c = 0; c < sums.length; c++) {
                sums[c] += (double) row[c] * row[c];
            }
        }
    }

    /** The norm of each input of a region. */
    float[] of(Region region, int layer) {
        double[] sums = Objects.requireNonNull(squares.get(region), () -> region + " is no region of a layer")
                .get(layer);
        float[] norms = new float[sums.length];
        for (int c = 0; c < norms.length; c++) {
            norms[c] = (float) Math.sqrt(sums[c]);
        }
        return norms;
    }
}
