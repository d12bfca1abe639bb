// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.pe.vector.VectorKernels;
import dev.lutra.pe.vector.VectorModel;
import java.util.Arrays;
import java.util.List;

/**
 * What a device with a vector unit of so many lanes computes, bit for bit: the operations of docs/engines/vector.md on its model, and exact sums. It has its own places
 * in a scratchpad of its own, one for each vector.
 */
public final class VectorAfterAttention implements AfterAttention {
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

    /** @param lanes of the vector unit, on which the order of sums depends */
    public VectorAfterAttention(QuantizedModel model, int lanes) {
        this.model = model;
        this.config = model.model().config();
        int longest = Math.max(
                Math.max(config.vocab(), 2 * config.intermediate()), Math.max(config.hidden(), config.queryWidth()));
        this.rows = longest / lanes + 1;
        this.shape = new VectorShape(lanes, Math.max(16, Integer.highestOneBit(2 * 4 * rows - 1)));
    }

    @Override
    public float[][] layer(int layer, float[][] mixed, float[][] x) {
        LayerWeights weights = model.model().layers().get(layer);
        float[][] result = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            VectorModel unit = unit();
            float[] o = product(unit, model.matrix(Region.O, layer), mixed[i]);
            float[] sum = add(unit, o, x[i]);
            float[] gateUp = product(unit, model.matrix(Region.GATE_UP, layer), norm(unit, sum, weights.mlpNorm()));
            int n = config.intermediate();
            put(unit, 0, Arrays.copyOf(gateUp, n));
            put(unit, 1, Arrays.copyOfRange(gateUp, n, 2 * n));
            run(unit, VectorKernels.siluGate(0, rows, 2 * rows, 2 * rows, n, ONE));
            float[] down = product(unit, model.matrix(Region.DOWN, layer), unit.take(2 * rows, n));
            result[i] = add(unit, down, sum);
        }
        return result;
    }

    @Override
    public float[][] logits(float[][] x) {
        float[][] result = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            VectorModel unit = unit();
            result[i] = product(
                    unit,
                    model.matrix(Region.HEAD, 0),
                    norm(unit, x[i], model.model().finalNorm()));
        }
        return result;
    }

    private VectorModel unit() {
        VectorModel unit = new VectorModel(shape);
        run(
                unit,
                List.of(
                        VectorPass.load(PART, 1f / 127),
                        VectorPass.load(LENGTH, 1f / config.hidden()),
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
        run(unit, VectorKernels.rmsNorm(0, rows, 2 * rows, x.length, NORM, LENGTH, EPS));
        return unit.take(2 * rows, x.length);
    }

    private float[] product(VectorModel unit, CodedMatrix matrix, float[] x) {
        put(unit, 0, x);
        run(unit, VectorKernels.quantise(0, 0, x.length, ACT, PART));
        byte[] codes = new byte[x.length];
        for (int i = 0; i < x.length; i++) {
            codes[i] = (byte) unit.get(0, i);
        }
        long[] sums = ReferenceBackend.multiply(matrix, new byte[][] {codes})[0];
        float[] scales = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            unit.set(0, i, (int) sums[i]);
            scales[i] = matrix.rowScale(i);
        }
        put(unit, 1, scales);
        run(unit, VectorKernels.scaleSums(0, rows, 2 * rows, 0, sums.length, ACT));
        return unit.take(0, sums.length);
    }
}
