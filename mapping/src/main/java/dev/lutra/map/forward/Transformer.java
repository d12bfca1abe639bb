// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;

/**
 * The forward pass of a LLaMA-style decoder around its linear layers.
 *
 * <p>Each position's arithmetic is the same whether it comes alone or among others, so prefill in any chunks and decode give the
 * same bits.
 */
public final class Transformer {
    private final LlamaModel model;
    private final LlamaConfig config;
    private final Linears linears;
    private final Rotary rotary;
    private final float scoreDivisor;

    public Transformer(LlamaModel model, Linears linears) {
        this.model = model;
        this.config = model.config();
        this.linears = linears;
        this.rotary = new Rotary(config);
        this.scoreDivisor = (float) StrictMath.sqrt(config.headDim());
    }

    /** Appends tokens to the cache and returns the logits [vocab] after the last one; only its row goes through the head. */
    public float[] next(int[] tokens, KvCache cache) {
        float[][] x = body(tokens, cache);
        return logits(new float[][] {x[x.length - 1]})[0];
    }

    /** As {@link #next}, with the logits after every token: [token][vocab]. */
    public float[][] all(int[] tokens, KvCache cache) {
        return logits(body(tokens, cache));
    }

    private float[][] logits(float[][] x) {
        return linears.apply(Region.HEAD, 0, normed(x, model.finalNorm()));
    }

    /** The residual stream after the last layer, [token][hidden]. */
    private float[][] body(int[] tokens, KvCache cache) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("no token");
        }
        cache.reserve(tokens.length);
        float[][] x = new float[tokens.length][config.hidden()];
        float[][] angles = new float[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            model.embedding().readRow(tokens[i], x[i]);
            angles[i] = rotary.angles(cache.length() + i);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            LayerWeights weights = model.layers().get(layer);
            float[][] qkv = linears.apply(Region.QKV, layer, normed(x, weights.attentionNorm()));
            float[][] mixed = new float[tokens.length][];
            for (int i = 0; i < tokens.length; i++) {
                mixed[i] = attend(layer, cache, cache.length() + i, qkv[i], angles[i]);
            }
            add(x, linears.apply(Region.O, layer, mixed));
            float[][] gateUp = linears.apply(Region.GATE_UP, layer, normed(x, weights.mlpNorm()));
            float[][] gated = new float[tokens.length][];
            for (int i = 0; i < tokens.length; i++) {
                gated[i] = FloatMath.siluGate(gateUp[i]);
            }
            add(x, linears.apply(Region.DOWN, layer, gated));
        }
        cache.advance(tokens.length);
        return x;
    }

    private float[][] normed(float[][] x, float[] gain) {
        float[][] y = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            y[i] = FloatMath.rmsNorm(x[i], gain, config.rmsEps());
        }
        return y;
    }

    private static void add(float[][] x, float[][] y) {
        for (int i = 0; i < x.length; i++) {
            FloatMath.add(x[i], y[i]);
        }
    }

    /** Stores key and value of a position and mixes the values of all positions up to it: [heads x headDim]. */
    private float[] attend(int layer, KvCache cache, int position, float[] qkv, float[] angles) {
        int kvWidth = config.kvWidth();
        int headDim = config.headDim();
        float[] keys = cache.keys(layer);
        float[] values = cache.values(layer);
        rotary.turn(qkv, 0, config.heads(), angles);
        rotary.turn(qkv, config.queryWidth(), config.kvHeads(), angles);
        System.arraycopy(qkv, config.queryWidth(), keys, position * kvWidth, kvWidth);
        System.arraycopy(qkv, config.queryWidth() + kvWidth, values, position * kvWidth, kvWidth);
        float[] mixed = new float[config.queryWidth()];
        float[] scores = new float[position + 1];
        for (int head = 0; head < config.heads(); head++) {
            int kvHead = head / (config.heads() / config.kvHeads());
            for (int s = 0; s <= position; s++) {
                scores[s] = FloatMath.dot(qkv, head * headDim, keys, s * kvWidth + kvHead * headDim, headDim)
                        / scoreDivisor;
            }
            FloatMath.softmax(scores, position + 1);
            for (int s = 0; s <= position; s++) {
                int from = s * kvWidth + kvHead * headDim;
                for (int d = 0; d < headDim; d++) {
                    mixed[head * headDim + d] += scores[s] * values[from + d];
                }
            }
        }
        return mixed;
    }
}
