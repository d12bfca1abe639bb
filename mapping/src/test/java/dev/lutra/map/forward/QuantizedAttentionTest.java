// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.WeightFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuantizedAttentionTest {
    private static final List<WeightFormat> FORMATS =
            List.of(WeightFormat.INT8, WeightFormat.INT5, WeightFormat.INT3, WeightFormat.INT2, WeightFormat.TERNARY);

    private static KvBackend reference(ActivationType activations) {
        return (product, place, page, rows) -> ReferenceBackend.multiply(activations, page.matrix(product), rows);
    }

    private static LlamaModel model(int group, int kvHeads, int headDim, long seed) {
        return RandomModel.of(RopePairing.ADJACENT, group * kvHeads, kvHeads, headDim, true, 160, seed);
    }

    /** One token after the other, one head after the other, no pages: the formulas of {@link QuantizedAttention}, with the exact sums as longs. */
    @Property(tries = 8)
    void isItsDefinitionToTheBit(
            @ForAll @IntRange(min = 1, max = 3) int group,
            @ForAll @IntRange(min = 1, max = 2) int kvHeads,
            @ForAll @IntRange(min = 0, max = 4) int format,
            @ForAll ActivationType activations,
            @ForAll long seed) {
        int headDim = 6;
        LlamaConfig config = model(group, kvHeads, headDim, seed).config();
        Random random = new Random(seed);
        int positions = 60 + random.nextInt(80);
        float[][] qkv = new float[positions][config.queryWidth() + 2 * config.kvWidth()];
        for (float[] row : qkv) {
            float size = (float) Math.exp(2 * random.nextGaussian());
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(50) == 0 ? 0 : (float) random.nextGaussian() * size;
            }
        }
        QuantizedAttention attention =
                new QuantizedAttention(config, FORMATS.get(format), activations, reference(activations));
        KvCache cache = new KvCache(config);
        for (int i = 0; i < positions; ) {
            int end = Math.min(positions, i + 1 + random.nextInt(70));
            cache.reserve(end - i);
            float[][] mixed = attention.mix(1, cache, Arrays.copyOfRange(qkv, i, end));
            cache.advance(end - i);
            for (int p = i; p < end; p++) {
                for (int head = 0; head < config.heads(); head++) {
                    assertThat(Arrays.copyOfRange(mixed[p - i], head * headDim, (head + 1) * headDim))
                            .as("position %d, head %d", p, head)
                            .isEqualTo(defined(config, FORMATS.get(format), activations, qkv, p, head));
                }
            }
            i = end;
        }
    }

    private static float[] defined(
            LlamaConfig config, WeightFormat format, ActivationType activations, float[][] qkv, int p, int head) {
        int d = config.headDim();
        int key = config.queryWidth() + head / (config.heads() / config.kvHeads()) * d;
        int value = key + config.kvWidth();
        Int8Row q = Int8Row.of(Arrays.copyOfRange(qkv[p], head * d, (head + 1) * d), activations);
        float[] scores = new float[p + 1];
        float largest = 0;
        for (int s = 0; s <= p; s++) {
            float scale = scale(format, qkv[s], key, d);
            long sum = 0;
            for (int i = 0; i < d; i++) {
                sum += (long) value(q, i, activations) * code(format, qkv[s][key + i], scale);
            }
            scores[s] = (float) sum * (q.scale() * scale) / (float) Math.sqrt(d);
            largest = Math.max(largest, scale(format, qkv[s], value, d));
        }
        FloatMath.softmax(scores, p + 1);
        for (int s = 0; s <= p; s++) {
            scores[s] *= scale(format, qkv[s], value, d) / largest;
        }
        Int8Row w = Int8Row.of(scores, activations);
        float[] mixed = new float[d];
        for (int i = 0; i < d; i++) {
            long sum = 0;
            for (int s = 0; s <= p; s++) {
                long weight = activations == ActivationType.FP16 ? weight(w, s) : value(w, s, activations);
                sum += weight * code(format, qkv[s][value + i], scale(format, qkv[s], value, d));
            }
            float unit = activations == ActivationType.FP16 ? 0x1p-28f : w.scale();
            mixed[i] = (float) sum * (unit * largest);
        }
        return mixed;
    }

    private static int value(Int8Row row, int i, ActivationType type) {
        return type == ActivationType.FP16
                ? (int) Math.rint(half(row, i) / row.scale())
                : ActivationType.at(row.values(), i * type.bytes(), type.bytes());
    }

    private static double half(Int8Row row, int i) {
        return FloatFormat.BINARY16.decode(ActivationType.at(row.values(), 2 * i, 2) & 0xFFFF);
    }

    /** A position's weight in units of 2^-28, as an integer under the greatest exponent of its page. */
    private static long weight(Int8Row w, int s) {
        int first = s / KvPage.POSITIONS * KvPage.POSITIONS;
        double most = 0;
        for (int i = first; i < Math.min(w.values().length / 2, first + KvPage.POSITIONS); i++) {
            most = Math.max(most, half(w, i));
        }
        int exponent = Math.max(-14, Math.getExponent(most));
        return (long) Math.scalb(Math.rint(Math.scalb(half(w, s), 14 - exponent)), exponent + 14);
    }

    private static float scale(WeightFormat format, float[] row, int from, int d) {
        double sum = 0;
        float largest = 0;
        for (int i = from; i < from + d; i++) {
            sum += Math.abs(row[i]);
            largest = Math.max(largest, Math.abs(row[i]));
        }
        return format == WeightFormat.TERNARY ? (float) (sum / d) : largest / format.maxCode();
    }

    private static long code(WeightFormat format, float x, float scale) {
        return (long) Math.max(-format.maxCode(), Math.min(format.maxCode(), Math.rint(x / scale)));
    }

    @Property(tries = 3)
    void prefillInAnyChunksAndDecodeGiveTheSameBits(@ForAll KvFormat format, @ForAll long seed) {
        LlamaModel model = model(2, 2, 6, seed);
        Transformer transformer = Transformer.of(model, new FloatLinears(model), format);
        Random random = new Random(seed);
        int[] tokens = random.ints(135, 0, 40).toArray();
        float[][] whole = transformer.all(tokens, new KvCache(model.config()));
        KvCache cache = new KvCache(model.config());
        for (int i = 0; i < tokens.length; ) {
            int end = Math.min(tokens.length, i + 1 + random.nextInt(50));
            assertThat(transformer.next(Arrays.copyOfRange(tokens, i, end), cache))
                    .isEqualTo(whole[end - 1]);
            i = end;
        }
        cache.truncate(63);
        assertThat(transformer.next(Arrays.copyOfRange(tokens, 63, 70), cache)).isEqualTo(whole[69]);
    }

    /** The more bits, the nearer to attention in floating point; with 8 almost there. */
    @Test
    void approachesAttentionInFloatingPoint() {
        LlamaModel model = model(2, 2, 8, 5);
        int[] tokens = new Random(5).ints(100, 0, 40).toArray();
        float[][] exact = new Transformer(model, new FloatLinears(model)).all(tokens, new KvCache(model.config()));
        List<Double> errors = new ArrayList<>();
        for (KvFormat format : List.of(KvFormat.FP16, KvFormat.INT8, KvFormat.INT4, KvFormat.INT2)) {
            float[][] logits =
                    Transformer.of(model, new FloatLinears(model), format).all(tokens, new KvCache(model.config()));
            double error = 0;
            double size = 0;
            for (int i = 0; i < tokens.length; i++) {
                for (int v = 0; v < exact[i].length; v++) {
                    error += Math.pow(logits[i][v] - exact[i][v], 2);
                    size += Math.pow(exact[i][v], 2);
                }
            }
            errors.add(Math.sqrt(error / size));
        }
        assertThat(errors.get(0)).isBetween(1e-6, 1e-3).isLessThan(errors.get(1) / 3);
        assertThat(errors.get(1)).isBetween(1e-4, 0.02).isLessThan(errors.get(2) / 3);
        assertThat(errors.get(2)).isLessThan(errors.get(3));
    }

    @Test
    void keysThatOverflowAreBadInput() {
        LlamaConfig config = model(1, 1, 4, 1).config();
        KvCache cache = new KvCache(config);
        cache.reserve(1);
        float[][] qkv = {{1, 1, 1, 1, Float.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1, 1}};
        assertThatThrownBy(() -> new QuantizedAttention(
                                config, WeightFormat.INT8, ActivationType.INT8, reference(ActivationType.INT8))
                        .mix(1, cache, qkv))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("layer 1", "Infinity");
    }
}
