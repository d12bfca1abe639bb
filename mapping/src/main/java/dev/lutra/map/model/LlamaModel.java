// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

import java.util.List;

/**
 * A LLaMA-style model as its checkpoint holds it, before any quantisation of ours.
 *
 * @param name short name for messages and reports
 * @param embedding [vocab][hidden]
 * @param layers in order
 * @param finalNorm RMSNorm gain before the head [hidden]
 * @param head [vocab][hidden]; the embedding itself if tied
 */
public record LlamaModel(
        String name,
        LlamaConfig config,
        FloatMatrix embedding,
        List<LayerWeights> layers,
        float[] finalNorm,
        WeightMatrix head) {

    /** Throws IllegalArgumentException if a matrix has not the shape that the configuration asks for. */
    public LlamaModel {
        layers = List.copyOf(layers);
        if (layers.size() != config.layers()) {
            throw new IllegalArgumentException(layers.size() + " layers given, configuration says " + config.layers());
        }
        shape(embedding, config.vocab(), config.hidden());
        shape(head, config.vocab(), config.hidden());
        for (LayerWeights layer : layers) {
            shape(layer.q(), config.queryWidth(), config.hidden());
            shape(layer.k(), config.kvWidth(), config.hidden());
            shape(layer.v(), config.kvWidth(), config.hidden());
            length(
                    "biases of q, k and v",
                    layer.qkvBias(),
                    config.layer().qkvBiases() ? config.queryWidth() + 2 * config.kvWidth() : 0);
            length(
                    "sub-norm of attention",
                    layer.attentionSubNorm(),
                    config.layer().subNorms() ? config.queryWidth() : 0);
            shape(layer.o(), config.hidden(), config.queryWidth());
            shape(layer.gate(), config.intermediate(), config.hidden());
            shape(layer.up(), config.intermediate(), config.hidden());
            length("sub-norm of the MLP", layer.mlpSubNorm(), config.layer().subNorms() ? config.intermediate() : 0);
            shape(layer.down(), config.hidden(), config.intermediate());
        }
    }

    private static void shape(WeightMatrix matrix, int rows, int cols) {
        if (matrix.rows() != rows || matrix.cols() != cols) {
            throw new IllegalArgumentException(matrix.name() + " is " + matrix.rows() + " x " + matrix.cols()
                    + ", configuration says " + rows + " x " + cols);
        }
    }

    private static void length(String what, float[] vector, int wanted) {
        if (vector.length != wanted) {
            throw new IllegalArgumentException(
                    "the " + what + " has " + vector.length + " elements, configuration says " + wanted);
        }
    }

    /** The matrices of a region, in the order in which their rows are stacked; {@code layer} is ignored for the head. */
    public List<WeightMatrix> matrices(Region region, int layer) {
        if (region == Region.HEAD) {
            return List.of(head);
        }
        LayerWeights w = layers.get(layer);
        return switch (region) {
            case QKV -> List.of(w.q(), w.k(), w.v());
            case O -> List.of(w.o());
            case GATE_UP -> List.of(w.gate(), w.up());
            case DOWN -> List.of(w.down());
            case HEAD -> throw new AssertionError("handled above");
        };
    }

    /** Whether every matrix of every layer is stored as ternary codes, so that no rounding is needed to run it as such. */
    public boolean isTernary() {
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Region region : Region.OF_A_LAYER) {
                for (WeightMatrix matrix : matrices(region, layer)) {
                    if (!(matrix instanceof TernaryMatrix)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
