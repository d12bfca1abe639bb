// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.Gate;
import dev.lutra.map.model.LayerVariant;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Models of random shapes and weights whose steps take a few thousand cycles. */
final class TinyModel {
    private static final KvFormat[] KINDS = {KvFormat.FLOAT, KvFormat.FP16, KvFormat.INT8};

    private record Matrix(int rows, int cols, float[] values) implements FloatMatrix {
        @Override
        public String name() {
            return "random";
        }

        @Override
        public void readRow(int row, float[] into) {
            System.arraycopy(values, row * cols, into, 0, cols);
        }
    }

    private TinyModel() {}

    /** One that a machine of four lanes has a step for. */
    static QuantizedModel random(Random random, int context) {
        KvFormat kv = KINDS[random.nextInt(KINDS.length)];
        int kvHeads = 1 + random.nextInt(2);
        int group = 1 + random.nextInt(7);
        int headDim = 4 << random.nextInt(2);
        // a key is whole beats of 16 bytes, and so are its scales, of which there are no more than heads
        switch (kv) {
            case FP16 -> headDim = Math.max(headDim, 8 / kvHeads);
            case INT8 -> {
                headDim = 16 / kvHeads;
                group = Math.max(group, 4 / kvHeads);
            }
            default -> {}
        }
        int hidden = 16 + 4 * random.nextInt(5);
        boolean tied = random.nextBoolean();
        boolean biases = random.nextBoolean();
        boolean subNorms = random.nextBoolean();
        Gate gate = Gate.values()[random.nextInt(Gate.values().length)];
        var config = new LlamaConfig(
                hidden,
                12 + 4 * random.nextInt(6),
                1 + random.nextInt(3),
                kvHeads * group,
                kvHeads,
                headDim,
                24 + 4 * random.nextInt(6),
                context,
                10_000,
                RopePairing.values()[random.nextInt(RopePairing.values().length)],
                1e-5f,
                tied,
                0,
                List.of(1),
                new LayerVariant(gate, biases, subNorms));
        FloatMatrix embedding = matrix(random, config.vocab(), hidden);
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new LayerWeights(
                    vector(random, hidden),
                    matrix(random, config.queryWidth(), hidden),
                    matrix(random, config.kvWidth(), hidden),
                    matrix(random, config.kvWidth(), hidden),
                    vector(random, biases ? config.queryWidth() + 2 * config.kvWidth() : 0),
                    vector(random, subNorms ? config.queryWidth() : 0),
                    matrix(random, hidden, config.queryWidth()),
                    vector(random, hidden),
                    matrix(random, config.intermediate(), hidden),
                    matrix(random, config.intermediate(), hidden),
                    vector(random, subNorms ? config.intermediate() : 0),
                    matrix(random, hidden, config.intermediate())));
        }
        var model = new LlamaModel(
                "random",
                config,
                embedding,
                layers,
                vector(random, hidden),
                tied ? embedding : matrix(random, config.vocab(), hidden));
        boolean grouped = random.nextBoolean();
        var how = new Quantization(
                        grouped ? WeightFormat.INT4 : WeightFormat.INT8, grouped ? 16 : 0, Quantization.Head.INT8)
                .withKv(kv);
        return new QuantizedModel(model, how);
    }

    private static float[] vector(Random random, int n) {
        return matrix(random, 1, n).toArray();
    }

    private static FloatMatrix matrix(Random random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * 0.4f;
        }
        return new Matrix(rows, cols, values);
    }
}
