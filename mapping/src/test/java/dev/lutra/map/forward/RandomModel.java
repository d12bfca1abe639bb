// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.ArrayMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model of random weights in memory. */
final class RandomModel {
    private RandomModel() {}

    static LlamaModel of(RopePairing pairing, int heads, int kvHeads, int headDim, boolean tied, long seed) {
        return of(pairing, heads, kvHeads, headDim, tied, 32, seed);
    }

    static LlamaModel of(
            RopePairing pairing, int heads, int kvHeads, int headDim, boolean tied, int context, long seed) {
        Random random = new Random(seed);
        LlamaConfig c = new LlamaConfig(
                20, 30, 2, heads, kvHeads, headDim, 40, context, 10000f, pairing, 1e-5f, tied, 0, List.of(1));
        FloatMatrix embedding = matrix(random, c.vocab(), c.hidden());
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < c.layers(); i++) {
            layers.add(new LayerWeights(
                    matrix(random, 1, c.hidden()).toArray(),
                    matrix(random, c.queryWidth(), c.hidden()),
                    matrix(random, c.kvWidth(), c.hidden()),
                    matrix(random, c.kvWidth(), c.hidden()),
                    matrix(random, c.hidden(), c.queryWidth()),
                    matrix(random, 1, c.hidden()).toArray(),
                    matrix(random, c.intermediate(), c.hidden()),
                    matrix(random, c.intermediate(), c.hidden()),
                    matrix(random, c.hidden(), c.intermediate())));
        }
        return new LlamaModel(
                "random",
                c,
                embedding,
                layers,
                matrix(random, 1, c.hidden()).toArray(),
                tied ? embedding : matrix(random, c.vocab(), c.hidden()));
    }

    private static FloatMatrix matrix(Random random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * 0.4f;
        }
        return new ArrayMatrix(rows, cols, values);
    }
}
