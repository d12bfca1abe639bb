// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Machine;
import dev.lutra.map.model.FusedRegion;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a fused region has its vectors: inputs, then gains and scales of rows as they lie in memory, then sums of products and a vector to spare, each from a row of its
 * own on. In memory vectors are binary32, filled up to whole rows of the scratchpad; what is loaded at once is filled up to whole beats.
 */
public final class FusedLayout {
    private final Machine machine;
    private final FusedRegion region;
    private final LlamaConfig config;
    private final List<Integer> inputs;
    private final List<Integer> vectors;

    /** The layout of a region on a machine with a vector unit. */
    public FusedLayout(Machine machine, FusedRegion region, LlamaConfig config) {
        this.machine = machine;
        this.region = region;
        this.config = config;
        int hidden = config.hidden();
        boolean layer = region == FusedRegion.AFTER_ATTENTION;
        inputs = layer ? List.of(config.queryWidth(), hidden) : List.of(hidden);
        vectors = layer ? List.of(hidden, hidden, 2 * config.intermediate(), hidden) : List.of(hidden, config.vocab());
    }

    /** What it is the layout of. */
    public FusedRegion region() {
        return region;
    }

    private int rows(int elements) {
        return machine.vector().rowsOf(elements);
    }

    /** Rows that are whole beats, too. */
    private int loaded(List<Integer> lengths) {
        int rows = lengths.stream().mapToInt(this::rows).sum();
        int least = Math.max(1, machine.bus().beatBytes() / machine.vector().rowBytes());
        return (rows + least - 1) / least * least;
    }

    private int row(List<Integer> lengths, int first, int index) {
        return first + lengths.subList(0, index).stream().mapToInt(this::rows).sum();
    }

    int firstInputRow() {
        return 0;
    }

    int input(int index) {
        return row(inputs, firstInputRow(), index);
    }

    int firstVectorRow() {
        return loaded(inputs);
    }

    int vector(int index) {
        return row(vectors, firstVectorRow(), index);
    }

    /** Sums of all columns of a matrix's blocks. */
    int sums() {
        return firstVectorRow() + loaded(vectors);
    }

    private int longest() {
        int n = region == FusedRegion.AFTER_ATTENTION
                ? Math.max(2 * config.intermediate(), config.hidden())
                : config.vocab();
        int columns = machine.engine().n();
        return Math.max(rows((n + columns - 1) / columns * columns), rows(config.hidden()));
    }

    int spare() {
        return sums() + longest();
    }

    /** What is stored. */
    int resultRow() {
        return region == FusedRegion.AFTER_ATTENTION ? input(1) : sums();
    }

    private int results() {
        return region == FusedRegion.AFTER_ATTENTION ? config.hidden() : config.vocab();
    }

    /** Bytes of the inputs of a row of activations. */
    public long inBytes() {
        return (long) loaded(inputs) * machine.vector().rowBytes();
    }

    /** Bytes of its results. */
    public long outBytes() {
        return (long) results() * Float.BYTES;
    }

    long vectorBytes() {
        return (long) loaded(vectors) * machine.vector().rowBytes();
    }

    /** Puts the inputs of a row of activations into memory. */
    public void put(ByteBuffer memory, float[]... vectors) {
        int start = memory.position();
        for (float[] vector : vectors) {
            for (float value : vector) {
                memory.putFloat(value);
            }
            int row = machine.vector().rowBytes();
            memory.position(memory.position() + Math.floorMod(start - memory.position(), row));
        }
        memory.position(start + Math.toIntExact(inBytes()));
    }

    /** Takes the results of a row of activations from memory. */
    public float[] take(ByteBuffer memory) {
        float[] result = new float[results()];
        for (int i = 0; i < result.length; i++) {
            result[i] = memory.getFloat();
        }
        return result;
    }

    /** Gains and scales of a layer, as they are loaded. */
    byte[] vectors(QuantizedModel quantized, int layer) {
        LlamaModel model = quantized.model();
        List<float[]> all = new ArrayList<>();
        if (region == FusedRegion.AFTER_ATTENTION) {
            all.add(scales(quantized.matrix(Region.O, layer)));
            all.add(model.layers().get(layer).mlpNorm());
            all.add(scales(quantized.matrix(Region.GATE_UP, layer)));
            all.add(scales(quantized.matrix(Region.DOWN, layer)));
        } else {
            all.add(model.finalNorm());
            all.add(scales(quantized.matrix(Region.HEAD, 0)));
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(vectorBytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < all.size(); i++) {
            bytes.position((vector(i) - firstVectorRow()) * machine.vector().rowBytes());
            for (float value : all.get(i)) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }

    private static float[] scales(CodedMatrix matrix) {
        float[] scales = new float[matrix.rows()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = matrix.rowScale(i);
        }
        return scales;
    }

    /** Whether the machine can run the region: everything fits, and vectors that are cut or stored end with a row. */
    boolean fits(List<RegionPlan> plans) {
        int lanes = machine.vector().lanes();
        int beat = machine.bus().beatBytes();
        return spare() + longest() <= machine.vector().rows()
                && results() % lanes == 0
                && outBytes() % Math.max(beat, machine.vector().rowBytes()) == 0
                && (region != FusedRegion.AFTER_ATTENTION || config.intermediate() % lanes == 0)
                && plans.stream()
                        .allMatch(plan -> plan.chunks() == 1
                                && !plan.shape().wide()
                                && machine.beats(plan.shape().k()) >= machine.beats(plan.inBytes()));
    }
}
