// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prunes models. */
public final class PrunedModel {
    private PrunedModel() {}

    /**
     * The model with sparse layers, whose matrices read those of the model.
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
            Iterator<WeightMatrix> qkv = prune(model, Region.QKV, i, pruning, norms);
            Iterator<WeightMatrix> o = prune(model, Region.O, i, pruning, norms);
            Iterator<WeightMatrix> gateUp = prune(model, Region.GATE_UP, i, pruning, norms);
            Iterator<WeightMatrix> down = prune(model, Region.DOWN, i, pruning, norms);
            layers.add(new LayerWeights(
                    w.attentionNorm(),
                    qkv.next(),
                    qkv.next(),
                    qkv.next(),
                    w.qkvBias(),
                    w.attentionSubNorm(),
                    o.next(),
                    w.mlpNorm(),
                    gateUp.next(),
                    gateUp.next(),
                    w.mlpSubNorm(),
                    down.next()));
        }
        return new LlamaModel(model.name(), model.config(), model.embedding(), layers, model.finalNorm(), model.head());
    }

    /** The matrices of a layer's region, in their order. */
    private static Iterator<WeightMatrix> prune(
            LlamaModel model, Region region, int layer, Pruning pruning, @Nullable ColumnNorms norms) {
        List<WeightMatrix> matrices = model.matrices(region, layer);
        Kept kept = pruning.of(region, layer);
        if (kept.isAll()) {
            return matrices.iterator();
        }
        float[] of = norms == null ? new float[0] : norms.of(region, layer);
        TileGrid grid = kept instanceof Kept.Tiles tiles ? new TileGrid(matrices, of, tiles) : null;
        List<WeightMatrix> pruned = new ArrayList<>();
        for (WeightMatrix matrix : matrices) {
            Masks masks = grid != null
                    ? grid.of(matrix)
                    : kept instanceof Kept.Share share
                            ? new ShareMasks(matrix, of, share)
                            : new RowMasks(matrix, of, ((Kept.Weights) kept).ratio(), pruning.pairs());
            pruned.add(
                    matrix instanceof TernaryMatrix ternary
                            ? new PrunedTernaryMatrix(ternary, masks)
                            : new PrunedMatrix(matrix, masks));
        }
        return pruned.iterator();
    }
}
