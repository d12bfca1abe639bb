// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;

/**
 * Attention whose two products are integers: keys and values are codes, each position with a factor of its own (as per token in KIVI, arXiv
 * 2402.02750), queries and the weights of positions are rounded as activations are.
 *
 * <pre>
 *   scores[s] = float(acc) x (queryScale x keyScale[s]) / sqrt(headDim)            acc = sum over d of q[d] x K[s][d]
 *   w[s]      = softmax(scores)[s] x (valueScale[s] / largest valueScale so far)
 *   mixed[d]  = float(acc) x (wScale x largest valueScale so far)                  acc = sum over s of w[s] x V[s][d]
 * </pre>
 *
 * <p>So a value's factor, which would vary along the reduction, is in the weight it meets. One page's product is one product of the backend;
 * sums over pages are added here, as integers. FP16 weights have an exponent X per page: its sums count times {@code 2^(X-1)}, and wScale is {@code 2^-28}.
 */
final class QuantizedAttention implements Attention {
    private final LlamaConfig config;
    private final WeightFormat format;
    private final ActivationType activations;
    private final KvBackend backend;
    private final float scoreDivisor;
    private final int sharing;

    /**
     * @param format of the cached keys and values
     * @param activations what queries and the weights of positions are rounded to
     */
    QuantizedAttention(LlamaConfig config, WeightFormat format, ActivationType activations, KvBackend backend) {
        this.config = config;
        this.format = format;
        this.activations = activations;
        this.backend = backend;
        this.scoreDivisor = (float) StrictMath.sqrt(config.headDim());
        this.sharing = config.heads() / config.kvHeads();
    }

    @Override
    public float[][] mix(int layer, KvCache cache, float[][] qkv) {
        float[][] mixed = new float[qkv.length][config.queryWidth()];
        try {
            for (int head = 0; head < config.kvHeads(); head++) {
                append(layer, head, cache, qkv);
                mix(layer, head, cache, qkv, mixed);
            }
        } catch (ArithmeticException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "attention of layer " + layer + ": " + e.getMessage(),
                    "the model's arithmetic overflowed: its weights are damaged or do not suit this quantisation",
                    e);
        }
        return mixed;
    }

    private void append(int layer, int head, KvCache cache, float[][] qkv) {
        int key = config.queryWidth() + head * config.headDim();
        for (int i = 0; i < qkv.length; i++) {
            int position = cache.length() + i;
            page(cache, layer, head, position).put(position % KvPage.POSITIONS, qkv[i], key, key + config.kvWidth());
        }
    }

    private KvPage page(KvCache cache, int layer, int head, int position) {
        return cache.page(new KvBackend.Place(layer, head, position / KvPage.POSITIONS), format);
    }

    /** All query heads that share a key/value head. Row r is head r mod {@code sharing} of them, of token r / {@code sharing}. */
    private void mix(int layer, int head, KvCache cache, float[][] qkv, float[][] mixed) {
        int rows = qkv.length * sharing;
        int headDim = config.headDim();
        int positions = cache.length() + qkv.length;
        Int8Row[] queries = new Int8Row[rows];
        float[][] weights = new float[rows][];
        for (int r = 0; r < rows; r++) {
            int from = (head * sharing + r % sharing) * headDim;
            queries[r] = Int8Row.of(Arrays.copyOfRange(qkv[r / sharing], from, from + headDim), activations);
            weights[r] = new float[cache.length() + r / sharing + 1];
        }
        float[] factors = new float[positions];
        for (int first = 0; first < positions; first += KvPage.POSITIONS) {
            KvPage page = page(cache, layer, head, first);
            long[][] sums = run(KvProduct.KEYS, layer, head, first, cache, queries);
            for (int r = 0; r < rows; r++) {
                int end = Math.min(weights[r].length, first + KvPage.POSITIONS);
                for (int s = first; s < end; s++) {
                    float scale = queries[r].scale() * page.keyScale(s - first);
                    weights[r][s] = (float) sums[r][s - first] * scale / scoreDivisor;
                }
            }
            for (int s = first; s < Math.min(positions, first + KvPage.POSITIONS); s++) {
                factors[s] = page.valueScale(s - first);
            }
        }
        Int8Row[] rounded = new Int8Row[rows];
        float[] largest = new float[rows];
        for (int r = 0; r < rows; r++) {
            FloatMath.softmax(weights[r], weights[r].length);
            largest[r] = weigh(weights[r], factors);
            rounded[r] = Int8Row.of(weights[r], activations);
        }
        long[][] sums = new long[rows][headDim];
        for (int first = 0; first < positions; first += KvPage.POSITIONS) {
            long[][] ofPage = run(KvProduct.VALUES, layer, head, first, cache, rounded);
            for (int r = 0; r < rows; r++) {
                int shift = activations == ActivationType.FP16
                        ? HalfRow.exponent(part(rounded[r].values(), first, activations.bytes())) - 1
                        : 0;
                for (int d = 0; d < headDim; d++) {
                    sums[r][d] += ofPage[r][d] << shift; // weights are at most 1, so X is at most 15
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            int to = (head * sharing + r % sharing) * headDim;
            float scale = activations == ActivationType.FP16 ? HalfRow.LEAST_UNIT : rounded[r].scale();
            for (int d = 0; d < headDim; d++) {
                mixed[r / sharing][to + d] = (float) sums[r][d] * (scale * largest[r]);
            }
        }
    }

    /** Multiplies each position's weight by the factor of its value over the largest of these factors, which is returned. */
    private static float weigh(float[] weights, float[] factors) {
        float largest = 0;
        for (int s = 0; s < weights.length; s++) {
            largest = Math.max(largest, factors[s]);
        }
        for (int s = 0; s < weights.length && largest > 0; s++) {
            weights[s] *= factors[s] / largest;
        }
        return largest;
    }

    /** Sums of all rows with one page; of tokens before the page, zeros nobody asks the backend for. */
    private long[][] run(KvProduct product, int layer, int head, int first, KvCache cache, Int8Row[] rows) {
        int from = Math.max(0, first - cache.length()) * sharing;
        byte[][] inputs = new byte[rows.length - from][];
        for (int r = from; r < rows.length; r++) {
            byte[] values = rows[r].values();
            inputs[r - from] = product == KvProduct.KEYS ? values : part(values, first, activations.bytes());
        }
        KvBackend.Place place = new KvBackend.Place(layer, head, first / KvPage.POSITIONS);
        long[][] sums = backend.run(product, place, cache.page(place, format), inputs);
        long[][] all = new long[rows.length][product.outputs(config.headDim())];
        System.arraycopy(sums, 0, all, from, sums.length);
        return all;
    }

    /** The weights of a page's positions, 0 behind the token's own. */
    private static byte[] part(byte[] weights, int first, int bytes) {
        byte[] part = new byte[KvPage.POSITIONS * bytes];
        int given = Math.max(0, Math.min(weights.length - first * bytes, part.length));
        System.arraycopy(weights, Math.min(first * bytes, weights.length), part, 0, given);
        return part;
    }
}
