// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.checkpoint.RandomCheckpoint;
import dev.lutra.map.model.LlamaModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints of each architecture through reader and host forward pass, against the decoder written down from its papers in double precision, on the tensors as they were written. */
class ArchitecturesTest {
    @TempDir
    private Path temp;

    private final long seed = Long.getLong("lutra.seed", new Random().nextLong());

    /** The model, one position after the other. */
    private static final class Decoder {
        private final RandomCheckpoint c;
        private final Map<String, float[]> tensors;
        private final double[][][] keys;
        private final double[][][] values;
        private int position;

        Decoder(RandomCheckpoint c, Map<String, float[]> tensors) {
            this.c = c;
            this.tensors = tensors;
            keys = new double[c.layers()][c.context()][];
            values = new double[c.layers()][c.context()][];
        }

        double[] next(int token) {
            double[] x = new double[c.hidden()];
            float[] embedding = tensors.get("model.embed_tokens.weight");
            for (int i = 0; i < x.length; i++) x[i] = embedding[token * x.length + i];
            for (int layer = 0; layer < c.layers(); layer++) {
                String name = "model.layers." + layer + ".";
                double[] normed = norm(x, name + "input_layernorm");
                double[] q = turned(linear(normed, name + "self_attn.q_proj"));
                keys[layer][position] = turned(linear(normed, name + "self_attn.k_proj"));
                values[layer][position] = linear(normed, name + "self_attn.v_proj");
                double[] mixed = attention(q, keys[layer], values[layer]);
                if (c.type().equals("bitnet")) mixed = norm(mixed, name + "self_attn.attn_sub_norm");
                x = sum(x, linear(mixed, name + "self_attn.o_proj"));
                normed = norm(x, name + "post_attention_layernorm");
                double[] gate = linear(normed, name + "mlp.gate_proj");
                double[] gated = linear(normed, name + "mlp.up_proj");
                for (int i = 0; i < gate.length; i++) {
                    double relu = gate[i] > 0 ? gate[i] : 0;
                    gated[i] *= c.type().equals("bitnet") ? relu * relu : gate[i] / (1 + Math.exp(-gate[i]));
                }
                if (c.type().equals("bitnet")) gated = norm(gated, name + "mlp.ffn_sub_norm");
                x = sum(x, linear(gated, name + "mlp.down_proj"));
            }
            position++;
            return linear(norm(x, "model.norm"), c.tied() ? "model.embed_tokens" : "lm_head");
        }

        private double[] norm(double[] x, String name) {
            double squares = 0;
            for (double each : x) squares += each * each;
            float[] gain = tensors.get(name + ".weight");
            double[] y = new double[x.length];
            for (int i = 0; i < x.length; i++) y[i] = x[i] / Math.sqrt(squares / x.length + c.rmsEps()) * gain[i];
            return y;
        }

        private double[] linear(double[] x, String name) {
            float[] weights = tensors.get(name + ".weight");
            float[] bias = tensors.get(name + ".bias");
            double[] y = new double[weights.length / x.length];
            for (int row = 0; row < y.length; row++) {
                y[row] = bias == null ? 0 : bias[row];
                for (int i = 0; i < x.length; i++) y[row] += weights[row * x.length + i] * x[i];
            }
            return y;
        }

        private double[] turned(double[] x) {
            double[] y = new double[x.length];
            int half = c.headDim() / 2;
            for (int i = 0; i < x.length; i++) {
                int at = i % c.headDim();
                double angle = position * Math.pow(c.ropeTheta(), -2.0 * (at % half) / c.headDim());
                double partner = at < half ? -x[i + half] : x[i - half];
                y[i] = x[i] * Math.cos(angle) + partner * Math.sin(angle);
            }
            return y;
        }

        private double[] attention(double[] q, double[][] keys, double[][] values) {
            double[] mixed = new double[q.length];
            int d = c.headDim();
            for (int head = 0; head < c.heads(); head++) {
                int kv = head / (c.heads() / c.kvHeads());
                double total = 0;
                for (int p = 0; p <= position; p++) {
                    double score = 0;
                    for (int i = 0; i < d; i++) score += q[head * d + i] * keys[p][kv * d + i];
                    double weight = Math.exp(score / Math.sqrt(d));
                    total += weight;
                    for (int i = 0; i < d; i++) mixed[head * d + i] += weight * values[p][kv * d + i];
                }
                for (int i = 0; i < d; i++) mixed[head * d + i] /= total;
            }
            return mixed;
        }

        private static double[] sum(double[] x, double[] y) {
            double[] z = new double[x.length];
            for (int i = 0; i < x.length; i++) z[i] = x[i] + y[i];
            return z;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama,  24, 40, 6, 2,  4, 10000,  1e-5, false",
        "qwen2,  28, 36, 7, 1,  4, 1e6,    1e-6, true",
        "qwen2,  16, 24, 4, 2,  8, 1e6,    1e-2, false",
        "bitnet, 32, 52, 4, 2,  8, 500000, 1e-5, true",
        "bitnet, 24, 36, 4, 4,  8, 10000,  1e-1, false",
    })
    void readAndComputed(
            String type,
            int hidden,
            int intermediate,
            int heads,
            int kvHeads,
            int headDim,
            double ropeTheta,
            double rmsEps,
            boolean tied)
            throws IOException {
        var checkpoint = new RandomCheckpoint(
                type, hidden, intermediate, 2, heads, kvHeads, headDim, 30, 16, ropeTheta, rmsEps, tied);
        var decoder = new Decoder(checkpoint, checkpoint.write(temp, seed));
        LlamaModel model = Checkpoint.open(temp).model();
        assertThat(model.isTernary()).isEqualTo(checkpoint.packed());
        var transformer = new Transformer(model, new FloatLinears(model));
        var cache = new KvCache(model.config());
        for (int position = 0; position < 12; position++) {
            int token = (7 * position + 3) % 30;
            float[] logits = transformer.next(new int[] {token}, cache);
            double[] right = decoder.next(token);
            double most = 0;
            double apart = 0;
            for (int i = 0; i < right.length; i++) {
                most = Math.max(most, Math.abs(right[i]));
                apart = Math.max(apart, Math.abs(right[i] - logits[i]));
            }
            assertThat(apart / most)
                    .as("%s, position %d, -Dlutra.seed=%d", checkpoint, position, seed)
                    .isLessThan(1e-5);
        }
    }
}
