// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Models of any size with random weights. A row is made when it is read, so that a large one takes no memory before it is quantised. */
public final class RandomDecoder {
    private final LlamaConfig config;
    private final boolean ternary;
    private final SplittableRandom seeds;

    private RandomDecoder(LlamaConfig config, boolean ternary, long seed) {
        this.config = config;
        this.ternary = ternary;
        this.seeds = new SplittableRandom(seed);
    }

    /**
     * A model.
     *
     * @param ternary whether the weights of its layers are codes -1, 0 and +1
     */
    public static LlamaModel of(String name, LlamaConfig config, boolean ternary, long seed) {
        return new RandomDecoder(config, ternary, seed).model(name);
    }

    private LlamaModel model(String name) {
        int hidden = config.hidden();
        FloatMatrix embedding = new Reals(config.vocab(), hidden, seeds.nextLong());
        List<LayerWeights> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(new LayerWeights(
                    gain(),
                    matrix(config.queryWidth(), hidden),
                    matrix(config.kvWidth(), hidden),
                    matrix(config.kvWidth(), hidden),
                    matrix(hidden, config.queryWidth()),
                    gain(),
                    matrix(config.intermediate(), hidden),
                    matrix(config.intermediate(), hidden),
                    matrix(hidden, config.intermediate())));
        }
        FloatMatrix head = config.tiedHead() ? embedding : new Reals(config.vocab(), hidden, seeds.nextLong());
        return new LlamaModel(name, config, embedding, layers, gain(), head);
    }

    private float[] gain() {
        float[] gain = new float[config.hidden()];
        for (int i = 0; i < gain.length; i++) {
            gain[i] = (float) seeds.nextDouble(0.5, 1.5);
        }
        return gain;
    }

    private WeightMatrix matrix(int rows, int cols) {
        long seed = seeds.nextLong();
        return ternary ? new Codes(rows, cols, seed) : new Reals(rows, cols, seed);
    }

    private static SplittableRandom ofRow(long seed, int row) {
        return new SplittableRandom(seed + row);
    }

    /** Elements in -1 .. 1 over the root of a row's length, so that a product's results are about as large as its inputs. */
    private record Reals(int rows, int cols, long seed) implements FloatMatrix {
        @Override
        public String name() {
            return "random";
        }

        @Override
        public void readRow(int row, float[] into) {
            SplittableRandom random = ofRow(seed, row);
            double most = 1 / Math.sqrt(cols);
            for (int i = 0; i < cols; i++) {
                into[i] = (float) random.nextDouble(-most, most);
            }
        }
    }

    private record Codes(int rows, int cols, long seed) implements TernaryMatrix {
        @Override
        public String name() {
            return "random";
        }

        @Override
        public float scale() {
            return (float) (1 / Math.sqrt(cols));
        }

        @Override
        public void readCodes(int row, byte[] into) {
            SplittableRandom random = ofRow(seed, row);
            for (int i = 0; i < cols; i++) {
                into[i] = (byte) random.nextInt(-1, 2);
            }
        }
    }
}
