// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.pe.vector.VectorAttention;
import dev.lutra.pe.vector.VectorKernels;
import dev.lutra.pe.vector.VectorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device with a vector unit of so many lanes computes in a step, bit for bit: the operations of docs/engines/vector.md on its model, and exact sums. It has its
 * own places in a scratchpad of its own, one for each vector. Attention is computed head by head.
 */
public final class VectorStep implements DecodeStep {
    private static final int ACT = 4;
    private static final int PART = 0;
    private static final int LENGTH = 1;
    private static final int EPS = 2;
    private static final int ONE = 3;
    private static final int NORM = 6;

    private final QuantizedModel model;
    private final LlamaConfig config;
    private final VectorShape shape;
    private final int rows;

    private final Rotary rotary;
    private final float root;
    private final int positions;

    /** Key and value of a position that there is not. */
    private final CachedVector none;

    private final RowFormat format;
    private final List<List<CachedVector>> keys = new ArrayList<>();
    private final List<List<CachedVector>> values = new ArrayList<>();
    private final List<float[]> logits = new ArrayList<>();

    /**
     * @param lanes of the vector unit, on which the order of sums depends
     * @param positions of a block of attention, on which it depends, too
     */
    public VectorStep(QuantizedModel model, int lanes, int positions) {
        this.model = model;
        this.positions = positions;
        this.config = model.model().config();
        this.rotary = new Rotary(config);
        this.format = model.quantization().kv().stepRows().orElseThrow();
        this.none = cached(new float[config.kvWidth()]);
        this.root = (float) (-1 / StrictMath.sqrt(config.headDim()));
        for (int layer = 0; layer < config.layers(); layer++) {
            keys.add(new ArrayList<>());
            values.add(new ArrayList<>());
        }
        int longest = Math.max(
                Math.max(config.vocab(), 2 * config.intermediate()),
                Math.max(config.hidden(), config.queryWidth() + 2 * config.kvWidth()));
        this.rows = longest / lanes + 1;
        this.shape = new VectorShape(lanes, Math.max(16, Integer.highestOneBit(2 * 4 * rows - 1)));
    }

    @Override
    public void run(int[] tokens, int position, int steps, @Nullable Draws draws, Choice choices) {
        logits.clear();
        int given = tokens.length;
        int next = tokens[0];
        for (int step = 0; step < steps && !(step >= given && config.endTokens().contains(next)); step++) {
            float[] row = logits(step < given ? tokens[step] : next, position + step);
            logits.add(row);
            VectorModel unit = unit();
            put(unit, 0, row);
            run(unit, VectorKernels.argMax(0, row.length, NORM, true));
            if (step < given - 1) {
                continue;
            }
            float greatest = Float.intBitsToFloat(unit.scalar(NORM));
            next = draws == null ? unit.scalar(NORM + 1) : DrawnToken.of(unit, row, greatest, draws, step - given + 1);
            choices.accept(greatest, next);
        }
    }

    private float[] logits(int token, int position) {
        VectorModel unit = unit();
        float[] x = new float[config.hidden()];
        model.model().embedding().readRow(token, x);
        float[] angles = rotary.angles(position);
        for (int layer = 0; layer < config.layers(); layer++) {
            LayerWeights weights = model.model().layers().get(layer);
            float[] qkv = product(unit, model.matrix(Region.QKV, layer), norm(unit, x, weights.attentionNorm()));
            if (config.layer().qkvBiases()) {
                qkv = add(unit, qkv, weights.qkvBias());
            }
            // same bits on the device, as the table of operations says
            rotary.turn(qkv, 0, config.heads() + config.kvHeads(), angles);
            int kv = config.queryWidth();
            float[] key = Arrays.copyOfRange(qkv, kv, kv + config.kvWidth());
            float[] value = Arrays.copyOfRange(qkv, kv + config.kvWidth(), qkv.length);
            keep(layer, position, key, value);
            float[] mixed = new float[config.queryWidth()];
            for (int head = 0; head < config.heads(); head++) {
                mix(qkv, head, own(key), own(value), keys.get(layer), values.get(layer), mixed);
            }
            if (config.layer().subNorms()) {
                mixed = norm(unit, mixed, weights.attentionSubNorm());
            }
            x = add(unit, product(unit, model.matrix(Region.O, layer), mixed), x);
            float[] gateUp = product(unit, model.matrix(Region.GATE_UP, layer), norm(unit, x, weights.mlpNorm()));
            int n = config.intermediate();
            put(unit, 0, Arrays.copyOf(gateUp, n));
            put(unit, 1, Arrays.copyOfRange(gateUp, n, 2 * n));
            switch (config.layer().gate()) {
                case SILU -> run(unit, VectorKernels.siluGate(0, rows, 2 * rows, 2 * rows, n, ONE));
                case SQUARED_RELU -> run(unit, VectorKernels.squaredReluGate(0, rows, 2 * rows, n));
            }
            float[] gated = unit.take(2 * rows, n);
            if (config.layer().subNorms()) {
                gated = norm(unit, gated, weights.mlpSubNorm());
            }
            float[] down = product(unit, model.matrix(Region.DOWN, layer), gated);
            x = add(unit, down, x);
        }
        return product(
                unit, model.matrix(Region.HEAD, 0), norm(unit, x, model.model().finalNorm()));
    }

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public int most() {
        return config.context();
    }

    @Override
    public float[] logits(int step) {
        return logits.get(step).clone();
    }

    @Override
    public void keep(int layer, int position, float[] key, float[] value) {
        keep(keys.get(layer), position, key);
        keep(values.get(layer), position, value);
    }

    private void keep(List<CachedVector> of, int position, float[] vector) {
        of.subList(position, of.size()).clear();
        of.add(cached(vector));
    }

    private CachedVector cached(float[] vector) {
        return CachedVector.of(format, vector, config.headDim());
    }

    /** As the position itself has it: codes as they are kept, numbers before they are rounded. */
    private CachedVector own(float[] vector) {
        return CachedVector.of(format == RowFormat.INT8 ? format : RowFormat.WORDS, vector, config.headDim());
    }

    /** The position itself first, then blocks of those before it, from the last ones on. */
    private void mix(
            float[] q,
            int head,
            CachedVector ownKey,
            CachedVector ownValue,
            List<CachedVector> keys,
            List<CachedVector> values,
            float[] mixed) {
        int n = config.headDim();
        int kvHead = head / (config.heads() / config.kvHeads());
        int own = keys.size() - 1;
        float least = score(q, head * n, ownKey, kvHead);
        float total = 1;
        float[] sum = new float[n];
        for (int i = 0; i < n; i++) {
            sum[i] = ownValue.elements()[kvHead * n + i] * ownValue.scale(kvHead);
        }
        for (int first = own - positions; first > -positions; first -= positions) {
            float[] weights = scores(q, head * n, block(keys, first), first, kvHead);
            float next = least;
            for (float weight : weights) {
                next = Float.compare(weight, next) < 0 ? weight : next;
            }
            float factor = VectorModel.apply(Function.EXPONENTIAL, next - least);
            least = next;
            for (int p = 0; p < positions; p++) {
                weights[p] = VectorModel.apply(Function.EXPONENTIAL, next - weights[p]);
            }
            total = total * factor + sum(weights);
            add(sum, factor, block(values, first), weights, kvHead);
        }
        float share = VectorModel.apply(Function.RECIPROCAL, total);
        for (int i = 0; i < n; i++) {
            mixed[head * n + i] = sum[i] * share;
        }
    }

    /** Those of a block of positions, of which there may be none before the first one. */
    private CachedVector[] block(List<CachedVector> of, int first) {
        CachedVector[] block = new CachedVector[positions];
        for (int p = 0; p < positions; p++) {
            block[p] = first + p < 0 ? none : of.get(first + p);
        }
        return block;
    }

    private float[] scores(float[] q, int at, CachedVector[] keys, int first, int kvHead) {
        float[] scores = new float[keys.length];
        for (int p = 0; p < keys.length; p++) {
            float far = Math.max(-(first + p), 0) * VectorAttention.FAR;
            scores[p] = far + score(q, at, keys[p], kvHead);
        }
        return scores;
    }

    /** Adds a block's values, each times its weight and its scale, in the order of positions, to a sum that is multiplied by a factor before. */
    private static void add(float[] sum, float factor, CachedVector[] values, float[] weights, int kvHead) {
        float[] parts = new float[sum.length];
        Arrays.fill(parts, -0f);
        for (int p = 0; p < values.length; p++) {
            float[] elements = values[p].elements();
            float weight = weights[p] * values[p].scale(kvHead);
            for (int i = 0; i < parts.length; i++) {
                parts[i] += elements[kvHead * parts.length + i] * weight;
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] * factor + parts[i];
        }
    }

    /** Heads that rows are shared out to: so many as if each key head had a power of two of query heads. */
    private int filledHeads() {
        return VectorAttention.filledHeads(config.heads(), config.kvHeads());
    }

    /** Of the positions whose weights are at the same place of a row, in order; then of the places. */
    private float sum(float[] weights) {
        float[] places = new float[Math.max(1, shape.lanes() / filledHeads())];
        Arrays.fill(places, -0f);
        for (int p = 0; p < positions; p++) {
            places[p % places.length] += weights[p];
        }
        for (int half = places.length / 2; half >= 1; half /= 2) {
            for (int i = 0; i < half; i++) {
                places[i] += places[i + half];
            }
        }
        return places[0];
    }

    /** The score with its sign inverted: products, those of a row added to the sums of the rows before, then sums of neighbours, of neighbours of these sums, and so on; times the key's scale. */
    private float score(float[] q, int at, CachedVector key, int kvHead) {
        float[] products = new float[config.headDim()];
        for (int i = 0; i < products.length; i++) {
            products[i] = q[at + i] * root * key.elements()[kvHead * products.length + i];
        }
        int sums = products.length;
        if (VectorAttention.sumsRows(shape.lanes(), filledHeads(), sums)) {
            sums = shape.lanes();
            for (int i = sums; i < products.length; i++) {
                products[i % sums] += products[i];
            }
        }
        for (int n = sums / 2; n > 0; n /= 2) {
            for (int i = 0; i < n; i++) {
                products[i] = products[2 * i] + products[2 * i + 1];
            }
        }
        return products[0] * key.scale(kvHead);
    }

    private VectorModel unit() {
        VectorModel unit = new VectorModel(shape);
        run(
                unit,
                List.of(
                        VectorPass.load(PART, 1f / 127),
                        VectorPass.load(EPS, config.rmsEps()),
                        VectorPass.load(ONE, 1)));
        return unit;
    }

    private void put(VectorModel unit, int place, float[] vector) {
        unit.put(place * rows, vector);
    }

    private static void run(VectorModel unit, List<VectorPass> passes) {
        passes.forEach(unit::run);
    }

    private float[] add(VectorModel unit, float[] a, float[] b) {
        put(unit, 0, a);
        put(unit, 1, b);
        run(unit, VectorKernels.add(rows, 0, 0, a.length));
        return unit.take(0, a.length);
    }

    private float[] norm(VectorModel unit, float[] x, float[] gain) {
        put(unit, 0, x);
        put(unit, 1, gain);
        unit.run(VectorPass.load(LENGTH, 1f / x.length));
        run(unit, VectorKernels.rmsNorm(0, rows, 2 * rows, x.length, NORM, LENGTH, EPS));
        return unit.take(2 * rows, x.length);
    }

    // Loops are methods of their own: in one that builds passes, the optimising compiler of the JVM takes seconds over
    // the records.
    private float[] product(VectorModel unit, CodedMatrix matrix, float[] x) {
        put(unit, 0, x);
        run(unit, VectorKernels.quantise(0, 0, x.length, ACT, PART));
        long[] sums = ReferenceBackend.multiply(matrix, new byte[][] {codes(unit, x.length)})[0];
        put(unit, sums);
        put(unit, 1, scales(matrix));
        run(unit, VectorKernels.scaleSums(0, rows, 2 * rows, 0, sums.length, ACT));
        return unit.take(0, sums.length);
    }

    private static byte[] codes(VectorModel unit, int length) {
        byte[] codes = new byte[length];
        for (int i = 0; i < length; i++) {
            codes[i] = (byte) unit.get(0, i);
        }
        return codes;
    }

    private static void put(VectorModel unit, long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            unit.set(0, i, (int) sums[i]);
        }
    }

    private static float[] scales(CodedMatrix matrix) {
        float[] scales = new float[matrix.rows()];
        for (int row = 0; row < scales.length; row++) {
            scales[row] = matrix.rowScale(row);
        }
        return scales;
    }
}
