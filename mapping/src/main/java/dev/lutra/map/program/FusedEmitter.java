// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.Result;
import dev.lutra.map.model.FusedRegion;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.plan.Piece;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.pe.vector.VectorKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of a region that a vector unit joins: a loop over LEN1 rows, in which numbers stay in the scratchpad from the first product to the last. Scales of rows of
 * matrices and gains are loaded once. The first weights of each product are on their way while passes make its activations.
 */
final class FusedEmitter {
    private static final int VECTORS = 0;
    private static final int INPUTS = 1;
    private static final int RESULTS = 2;
    private static final int WEIGHTS = 3;
    private static final int NO_STRIDE = 0;
    private static final int IN = 1;
    private static final int OUT = 2;
    private static final int SCALE = 3;

    /** Registers: 1/127, 1/hidden, epsilon, 1, scale of the activations and the one after it, the norm's factor. */
    private static final int PART = 0;

    private static final int LENGTH = 1;
    private static final int EPS = 2;
    private static final int ONE = 3;
    private static final int ACT = 4;
    private static final int NORM = 6;

    private final Machine machine;
    private final LlamaConfig config;
    private final FusedLayout layout;
    private final List<Matrix> matrices;
    private final List<Instruction> code = new ArrayList<>();
    private Tokens waits = Tokens.NONE;

    /** A matrix in the weight image: that of layer l at {@code offset + l * layerStride}. */
    record Matrix(RegionPlan plan, long offset, long layerStride) {}

    private FusedEmitter(Machine machine, LlamaConfig config, FusedLayout layout, List<Matrix> matrices) {
        this.machine = machine;
        this.config = config;
        this.layout = layout;
        this.matrices = matrices;
    }

    /**
     * Instructions from the entry point to HALT.
     *
     * @param vectors of layer 0 in the image: {@link FusedLayout#vectors} of each layer, {@code layerStride} apart
     */
    static List<Instruction> emit(
            Machine machine,
            LlamaConfig config,
            FusedLayout layout,
            List<Matrix> matrices,
            long vectors,
            long layerStride) {
        return new FusedEmitter(machine, config, layout, matrices).region(vectors, layerStride);
    }

    private List<Instruction> region(long vectors, long layerStride) {
        code.add(new SetBase(VECTORS, 0, vectors, layerStride));
        code.add(new SetBase(INPUTS, 1, 0, 0));
        code.add(new SetBase(RESULTS, 2, 0, 0));
        code.add(new SetStride(IN, layout.inBytes()));
        code.add(new SetStride(OUT, layout.outBytes()));
        code.add(new LoadRows(
                Tokens.NONE, VECTORS, NO_STRIDE, layout.firstVectorRow(), machine.beats(layout.vectorBytes())));
        passes(
                List.of(
                        VectorPass.load(PART, 1f / 127),
                        VectorPass.load(LENGTH, 1f / config.hidden()).after(VectorPass.After.NOTHING),
                        VectorPass.load(EPS, config.rmsEps()).after(VectorPass.After.NOTHING),
                        VectorPass.load(ONE, 1).after(VectorPass.After.NOTHING)),
                Unit.LDA);
        code.add(new Loop(0, 1, false, false));
        code.add(new LoadRows(
                Tokens.NONE.waitFor(Unit.VEC).postTo(Unit.VEC),
                INPUTS,
                IN,
                layout.firstInputRow(),
                machine.beats(layout.inBytes())));
        waits = Tokens.NONE.waitFor(Unit.LDA);
        if (layout.region() == FusedRegion.AFTER_ATTENTION) {
            afterAttention();
        } else {
            logits();
        }
        code.add(new StoreRows(
                Tokens.NONE.waitFor(Unit.VEC).postTo(Unit.VEC),
                RESULTS,
                OUT,
                layout.resultRow(),
                machine.beats(layout.outBytes())));
        code.add(new Sync(Tokens.NONE.waitFor(Unit.ST).postTo(Unit.LDA), Unit.VEC));
        code.add(new EndLoop());
        code.add(new Sync(Tokens.NONE.waitFor(Unit.VEC), Unit.LDA));
        code.add(new Halt());
        return code;
    }

    private void afterAttention() {
        int hidden = config.hidden();
        int ffn = config.intermediate();
        product(0, layout.input(0), config.queryWidth(), List.of());
        List<VectorPass> norm = new ArrayList<>(scaled(0, layout.vector(0), hidden));
        norm.addAll(VectorKernels.add(layout.input(1), layout.sums(), layout.input(1), hidden));
        norm.addAll(
                VectorKernels.rmsNorm(layout.input(1), layout.vector(1), layout.spare(), hidden, NORM, LENGTH, EPS));
        product(1, layout.spare(), hidden, norm);
        List<VectorPass> gate = new ArrayList<>(scaled(1, layout.vector(2), 2 * ffn));
        int up = layout.sums() + machine.vector().rowsOf(ffn);
        gate.addAll(VectorKernels.siluGate(layout.sums(), up, layout.spare(), layout.spare(), ffn, ONE));
        product(2, layout.spare(), ffn, gate);
        List<VectorPass> last = new ArrayList<>(scaled(2, layout.vector(3), hidden));
        last.addAll(VectorKernels.add(layout.input(1), layout.sums(), layout.input(1), hidden));
        passes(last, Unit.ST);
    }

    private void logits() {
        int hidden = config.hidden();
        product(
                0,
                layout.spare(),
                hidden,
                VectorKernels.rmsNorm(layout.input(0), layout.vector(0), layout.spare(), hidden, NORM, LENGTH, EPS));
        passes(scaled(0, layout.vector(1), config.vocab()), Unit.ST);
    }

    private List<VectorPass> scaled(int matrix, int scales, int n) {
        if (matrices.get(matrix).plan().shape().n() != n) {
            throw new IllegalStateException(matrices.get(matrix).plan() + " has not " + n + " outputs");
        }
        return VectorKernels.scaleSums(layout.sums(), scales, layout.spare(), layout.sums(), n, ACT);
    }

    /** A matrix times k elements of a vector, which {@code before} makes. */
    private void product(int matrix, int x, int k, List<VectorPass> before) {
        Matrix m = matrices.get(matrix);
        List<Piece> pieces = m.plan().pieces();
        long at = stream(m, pieces.get(0), 0);
        List<VectorPass> all = new ArrayList<>(before);
        List<VectorPass> quantise = VectorKernels.quantise(x, 0, k, ACT, PART);
        all.addAll(quantise.subList(0, quantise.size() - 1));
        all.add(quantise.get(quantise.size() - 1).write(Result.ACTIVATIONS, 0));
        passes(all, Unit.MX);
        for (Piece piece : pieces) {
            if (piece.firstBlock() > 0) {
                at = stream(m, piece, at);
            }
            boolean first = piece.firstBlock() == 0;
            boolean last = piece == pieces.get(pieces.size() - 1);
            Tokens tokens = first ? Tokens.NONE.waitFor(Unit.VEC) : Tokens.NONE;
            code.add(new Multiply(
                    last ? tokens.postTo(Unit.VEC) : tokens,
                    0,
                    0,
                    true,
                    true,
                    machine.engine().tile(),
                    m.plan().types(),
                    piece.steps(),
                    m.plan().gSteps(),
                    piece.blocks(),
                    layout.sums()
                            + piece.firstBlock()
                                    * machine.engine().n()
                                    / machine.vector().lanes(),
                    true,
                    m.plan().shape().kept()));
        }
        waits = Tokens.NONE.waitFor(Unit.MX);
    }

    /** Scales and weights of a piece; returns where the next one's are. */
    private long stream(Matrix m, Piece piece, long at) {
        long scales = m.plan().scaleBytes(piece.blocks(), piece.steps());
        long weights = m.plan().weightBytes(piece.blocks(), piece.steps());
        code.add(new SetBase(WEIGHTS, 0, m.offset() + at, m.layerStride()));
        if (scales > 0) {
            code.add(new SetStride(SCALE, scales));
            code.add(new LoadScales(Tokens.NONE, WEIGHTS, SCALE, machine.beats(scales)));
        }
        code.add(new LoadWeights(Tokens.NONE, WEIGHTS, NO_STRIDE, machine.beats(weights)));
        return at + scales + weights;
    }

    /** Passes of which the first takes the tokens that are due, and the last one posts. */
    private void passes(List<VectorPass> passes, Unit to) {
        for (int i = 0; i < passes.size(); i++) {
            Tokens tokens = i == 0 ? waits : Tokens.NONE;
            code.add(new Vector(i == passes.size() - 1 ? tokens.postTo(to) : tokens, passes.get(i), 0));
        }
        waits = Tokens.NONE;
    }
}
