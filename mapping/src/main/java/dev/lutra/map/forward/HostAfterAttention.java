// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;

/** What of a decoder needs no other position, in the host's arithmetic, around linear layers of any kind. */
final class HostAfterAttention {
    private final LlamaModel model;
    private final Linears linears;

    HostAfterAttention(LlamaModel model, Linears linears) {
        this.model = model;
        this.linears = linears;
    }

    /**
     * The rest of a layer.
     *
     * @param mixed what attention gave, [row][heads x headDim]
     * @param x residual stream before the layer, [row][hidden]; becomes that after it
     */
    float[][] layer(int layer, float[][] mixed, float[][] x) {
        LayerWeights weights = model.layers().get(layer);
        boolean subNorms = model.config().layer().subNorms();
        add(x, linears.apply(Region.O, layer, subNorms ? normed(mixed, weights.attentionSubNorm()) : mixed));
        float[][] gateUp = linears.apply(Region.GATE_UP, layer, normed(x, weights.mlpNorm()));
        float[][] gated = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            gated[i] = gated(gateUp[i]);
        }
        add(x, linears.apply(Region.DOWN, layer, subNorms ? normed(gated, weights.mlpSubNorm()) : gated));
        return x;
    }

    private float[] gated(float[] gateUp) {
        return switch (model.config().layer().gate()) {
            case SILU -> FloatMath.siluGate(gateUp);
            case SQUARED_RELU -> FloatMath.squaredReluGate(gateUp);
        };
    }

    /** The last norm and the head: [row][vocab] of the residual stream after the last layer. */
    float[][] logits(float[][] x) {
        return linears.apply(Region.HEAD, 0, normed(x, model.finalNorm()));
    }

    float[][] normed(float[][] x, float[] gain) {
        float[][] y = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            y[i] = FloatMath.rmsNorm(x[i], gain, model.config().rmsEps());
        }
        return y;
    }

    private static void add(float[][] x, float[][] y) {
        for (int i = 0; i < x.length; i++) {
            FloatMath.add(x[i], y[i]);
        }
    }
}
