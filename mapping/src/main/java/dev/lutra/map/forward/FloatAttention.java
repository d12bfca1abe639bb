// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.pe.dot.SharedExponent;

/**
 * Attention in binary32: scores {@code dot(q, k) / sqrt(headDim)}, softmax, values added in order of position. The position of the query has its key and value as they are,
 * and those before it may be kept as binary16.
 */
final class FloatAttention implements Attention {
    private final LlamaConfig config;
    private final float scoreDivisor;
    private final boolean halves;

    /** @param halves whether keys and values are kept as binary16 */
    FloatAttention(LlamaConfig config, boolean halves) {
        this.config = config;
        this.halves = halves;
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
        if (halves) {
            round(layer, keys, position * kvWidth, kvWidth);
            round(layer, values, position * kvWidth, kvWidth);
        }
        return mixed;
    }

    private static void round(int layer, float[] vectors, int from, int n) {
        for (int i = from; i < from + n; i++) {
            long half = SharedExponent.half(vectors[i]);
            if (!SharedExponent.isFinite(half)) {
                throw UserException.badInput(
                        "attention of layer %d: a key or value is %s, beyond FP16".formatted(layer, vectors[i]),
                        "take --kv float or int8");
            }
            vectors[i] = SharedExponent.number(half);
        }
    }
}
