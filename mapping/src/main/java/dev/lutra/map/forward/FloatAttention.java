// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LlamaConfig;

/** Attention in binary32: scores {@code dot(q, k) / sqrt(headDim)}, softmax, values added in order of position. */
final class FloatAttention implements Attention {
    private final LlamaConfig config;
    private final float scoreDivisor;

    FloatAttention(LlamaConfig config) {
        this.config = config;
        this.scoreDivisor = (float) StrictMath.sqrt(config.headDim());
    }

    @Override
    public float[][] mix(int layer, KvCache cache, float[][] qkv) {
        float[][] mixed = new float[qkv.length][];
        for (int i = 0; i < qkv.length; i++) {
            mixed[i] = mix(layer, cache, cache.length() + i, qkv[i]);
        }
        return mixed;
    }

    private float[] mix(int layer, KvCache cache, int position, float[] qkv) {
        int kvWidth = config.kvWidth();
        int headDim = config.headDim();
        float[] keys = cache.keys(layer);
        float[] values = cache.values(layer);
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
