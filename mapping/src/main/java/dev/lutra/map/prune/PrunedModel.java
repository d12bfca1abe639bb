// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.NmRatio;
import dev.lutra.machine.UserException;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prunes models. */
public final class PrunedModel {
    private PrunedModel() {}

    /**
     * The model with N:M sparse layers, whose matrices read those of the model.
     *
     * @param norms of the layers' inputs, for scores that know them; null: by magnitude
     * @throws UserException if an exception is of a layer that the model does not have
     */
    public static LlamaModel of(LlamaModel model, Pruning pruning, @Nullable ColumnNorms norms) {
        int last = model.layers().size() - 1;
        if (pruning.layers() > last + 1) {
            throw UserException.badInput(
                    "%s is of layer %d, the layers of %s are 0 to %d"
                            .formatted(pruning, pruning.layers() - 1, model.name(), last),
                    "name one of these, or a region alone for all of them");
        }
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < model.layers().size(); i++) {
            LayerWeights w = model.layers().get(i);
            layers.add(new LayerWeights(
                    w.attentionNorm(),
                    prune(w.q(), Region.QKV, i, pruning, norms),
                    prune(w.k(), Region.QKV, i, pruning, norms),
                    prune(w.v(), Region.QKV, i, pruning, norms),
                    prune(w.o(), Region.O, i, pruning, norms),
                    w.mlpNorm(),
                    prune(w.gate(), Region.GATE_UP, i, pruning, norms),
                    prune(w.up(), Region.GATE_UP, i, pruning, norms),
                    prune(w.down(), Region.DOWN, i, pruning, norms)));
        }
        return new LlamaModel(model.name(), model.config(), model.embedding(), layers, model.finalNorm(), model.head());
    }

    private static WeightMatrix prune(
            WeightMatrix matrix, Region region, int layer, Pruning pruning, @Nullable ColumnNorms norms) {
        NmRatio ratio = pruning.of(region, layer);
        if (ratio.n() == ratio.m()) {
            return matrix;
        }
        float[] of = norms == null ? new float[0] : norms.of(region, layer);
        var masks = new RowMasks(matrix, of, ratio, pruning.pairs());
        return matrix instanceof TernaryMatrix ternary
                ? new PrunedTernaryMatrix(ternary, masks)
                : new PrunedMatrix(matrix, masks);
    }
}
