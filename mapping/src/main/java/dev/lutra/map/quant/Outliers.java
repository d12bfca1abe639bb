// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The outliers of all matrices of a model's layers. The head has none: it is INT8 or floating point. */
public final class Outliers {
    private final Map<Region, List<List<OutlierRows>>> layers = new EnumMap<>(Region.class);

    /** @param percent of the weights of each matrix; 0: none */
    public Outliers(LlamaModel model, double percent) {
        if (percent == 0) {
            return;
        }
        for (Region region : Region.OF_A_LAYER) {
            List<List<OutlierRows>> ofLayers = new ArrayList<>();
            for (int layer = 0; layer < model.config().layers(); layer++) {
                ofLayers.add(model.matrices(region, layer).stream()
                        .map(matrix -> OutlierRows.of(matrix, percent))
                        .toList());
            }
            layers.put(region, ofLayers);
        }
    }

    /** The matrices of a layer's region without them. */
    public List<WeightMatrix> rest(LlamaModel model, Region region, int layer) {
        List<List<OutlierRows>> ofLayers = layers.get(region);
        return ofLayers == null
                ? model.matrices(region, layer)
                : ofLayers.get(layer).stream().map(OutlierRows::rest).toList();
    }

    /** Those of the matrices of a layer's region, one above the other; none if it has none. */
    public List<OutlierRows> of(Region region, int layer) {
        List<List<OutlierRows>> ofLayers = layers.get(region);
        return ofLayers == null ? List.of() : ofLayers.get(layer);
    }

    /** The exact sums of the stacked rows of a layer's region; empty if it has none. */
    public long[] sums(Region region, int layer, int[] activations) {
        return of(region, layer).stream()
                .flatMapToLong(rows -> IntStream.range(0, rows.rows()).mapToLong(r -> rows.sum(r, activations)))
                .toArray();
    }

    /**
     * Adds their products to the stacked results of a region.
     *
     * @param sums of the stacked rows, as {@link #sums}
     */
    public void add(Region region, int layer, long[] sums, float scale, float[] results) {
        int first = 0;
        for (OutlierRows rows : of(region, layer)) {
            rows.add(sums, scale, results, first);
            first += rows.rows();
        }
    }

    /** The same from activations. */
    public void add(Region region, int layer, int[] activations, float scale, float[] results) {
        add(region, layer, sums(region, layer, activations), scale, results);
    }

    /** Whether there are any. */
    public boolean exist() {
        return !layers.isEmpty();
    }

    /** Bytes of all of them in memory. */
    public long bytes() {
        return layers.values().stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .mapToLong(OutlierRows::bytes)
                .sum();
    }
}
