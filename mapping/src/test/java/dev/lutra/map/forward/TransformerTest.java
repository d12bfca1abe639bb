// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.map.quant.ArrayMatrix;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TransformerTest {
    @Property(tries = 40)
    void prefillInAnyChunksAndDecodeGiveTheSameBits(
            @ForAll RopePairing pairing,
            @ForAll @IntRange(min = 1, max = 2) int group,
            @ForAll @IntRange(min = 1, max = 2) int kvHeads,
            @ForAll boolean integers,
            @ForAll boolean tied,
            @ForAll long seed) {
        LlamaModel model = RandomModel.of(pairing, group * kvHeads, kvHeads, 6, tied, seed);
        Linears linears = new FloatLinears(model);
        if (integers) {
            QuantizedModel quantized =
                    new QuantizedModel(model, new Quantization(WeightFormat.INT4, 8, Quantization.Head.INT8));
            linears = new QuantizedLinears(quantized, new ReferenceBackend(quantized));
        }
        Transformer transformer = new Transformer(model, linears);
        Random random = new Random(seed);
        int[] tokens = random.ints(12, 0, 40).toArray();
        float[][] whole = transformer.all(tokens, new KvCache(model.config()));
        KvCache cache = new KvCache(model.config());
        for (int i = 0; i < tokens.length; ) {
            int end = Math.min(tokens.length, i + 1 + random.nextInt(4));
            float[] logits = transformer.next(java.util.Arrays.copyOfRange(tokens, i, end), cache);
            assertThat(logits).isEqualTo(whole[end - 1]);
            i = end;
        }
        assertThat(cache.length()).isEqualTo(tokens.length);
        cache.truncate(5);
        assertThat(transformer.next(new int[] {tokens[5]}, cache)).isEqualTo(whole[5]);
    }

    /** Storing the rows of wq and wk in the other order, with the other pairing, is the same model. */
    @Test
    void pairingsAreOnePermutationApart() {
        LlamaModel adjacent = RandomModel.of(RopePairing.ADJACENT, 4, 2, 6, true, 11);
        LlamaConfig c = adjacent.config();
        LlamaConfig half = new LlamaConfig(
                c.hidden(),
                c.intermediate(),
                c.layers(),
                c.heads(),
                c.kvHeads(),
                c.headDim(),
                c.vocab(),
                c.context(),
                c.ropeTheta(),
                RopePairing.HALF_SPLIT,
                c.rmsEps(),
                true,
                c.bosToken(),
                c.endTokens());
        List<LayerWeights> layers = adjacent.layers().stream()
                .map(w -> new LayerWeights(
                        w.attentionNorm(),
                        toHalfSplit(w.q(), 6),
                        toHalfSplit(w.k(), 6),
                        w.v(),
                        w.o(),
                        w.mlpNorm(),
                        w.gate(),
                        w.up(),
                        w.down()))
                .toList();
        LlamaModel split =
                new LlamaModel("split", half, adjacent.embedding(), layers, adjacent.finalNorm(), adjacent.embedding());
        int[] tokens = {3, 1, 4, 1, 5, 9, 2, 6};
        float[][] a = new Transformer(adjacent, new FloatLinears(adjacent)).all(tokens, new KvCache(c));
        float[][] b = new Transformer(split, new FloatLinears(split)).all(tokens, new KvCache(half));
        // The dot products of the scores add in another order, so the last bits may differ.
        for (int i = 0; i < tokens.length; i++) {
            for (int v = 0; v < c.vocab(); v++) {
                assertThat(b[i][v]).isCloseTo(a[i][v], org.assertj.core.api.Assertions.within(1e-4f));
            }
        }
    }

    private static FloatMatrix toHalfSplit(WeightMatrix matrix, int headDim) {
        float[] from = matrix.toArray();
        float[] to = new float[from.length];
        for (int row = 0; row < matrix.rows(); row++) {
            int in = row % headDim;
            int target = row - in + in / 2 + (in % 2) * headDim / 2;
            System.arraycopy(from, row * matrix.cols(), to, target * matrix.cols(), matrix.cols());
        }
        return new ArrayMatrix(matrix.rows(), matrix.cols(), to);
    }

    @Test
    void moreThanTheContextIsRefused() {
        LlamaModel model = RandomModel.of(RopePairing.ADJACENT, 2, 1, 4, true, 1);
        Transformer transformer = new Transformer(model, new FloatLinears(model));
        KvCache cache = new KvCache(model.config());
        transformer.next(new int[32], cache);
        assertThatThrownBy(() -> transformer.next(new int[1], cache)).hasMessageContaining("33 positions");
    }

    @Test
    void activationsThatOverflowAreBadInput() {
        LlamaModel model = RandomModel.of(RopePairing.ADJACENT, 2, 1, 4, true, 1);
        model.layers().get(1).mlpNorm()[3] = Float.MAX_VALUE;
        QuantizedModel quantized =
                new QuantizedModel(model, new Quantization(WeightFormat.INT8, 0, Quantization.Head.INT8));
        Transformer transformer =
                new Transformer(model, new QuantizedLinears(quantized, new ReferenceBackend(quantized)));
        assertThatThrownBy(() -> transformer.next(new int[] {1, 2, 3, 4}, new KvCache(model.config())))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("layer 1");
    }
}
