// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Result;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.plan.Piece;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.pe.vector.VectorAttention;
import dev.lutra.pe.vector.VectorDraw;
import dev.lutra.pe.vector.VectorDraw.Kept;
import dev.lutra.pe.vector.VectorKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of steps: from a token's embedding to logits and the number of the greatest one, which is the next token unless the host gives another, in a loop over steps, within it one over layers, and
 * within it one over blocks of the positions before. Numbers stay in the scratchpad but for keys and values. Weights of products are on their way while passes make their
 * activations.
 *
 * <p>Tokens from VEC to LDA: three a layer. Two are left of the loop over blocks, whose loads wait for the pass that has read what they overwrite; they free what is
 * loaded before attention. The third one, of the layer's last pass, frees what is loaded for later.
 */
final class StepEmitter {
    /** Base registers; 3 is that of {@link WeightLoads}. */
    private static final int VECTORS = 0;

    private static final int CACHE = 1;
    private static final int RESULTS = 2;
    private static final int SCALES = 4;

    /** Stride registers; 3 is that of {@link WeightLoads}. */
    private static final int NONE = 0;

    private static final int TO_VALUE = 1;
    private static final int TO_EARLIER = 2;
    private static final int TO_VALUE_SCALES = 4;
    private static final int TO_EARLIER_SCALES = 5;

    /** Scalar registers: constants, then the scale of the activations and the one after it, the norm's factor, the greatest logit and its number, what attention needs. */
    private static final int PART = 0;

    private static final int LENGTH = 1;
    private static final int EPS = 2;
    private static final int ONE = 3;
    private static final int ROOT = 4;
    private static final int ACT = 5;
    private static final int NORM = 7;
    private static final int GREATEST = 8;
    private static final int FAR = 10;
    private static final int BLOCK = 11;
    private static final int QUERY_LENGTH = 12;
    private static final int MLP_LENGTH = 13;
    private static final int MINUS_PART = 14;

    private final Machine machine;
    private final LlamaConfig config;
    private final StepLayout layout;
    private final VectorAttention attention;
    private final Choosing choosing;
    private final List<Instruction> code = new ArrayList<>();
    private Tokens waits = Tokens.NONE;

    /** Of the products that the program has come to. */
    private WeightLoads weights;

    /** A matrix in the weight image: that of layer l at {@code offset + l * layerStride}. */
    record Matrix(RegionPlan plan, long offset, long layerStride) {}

    private StepEmitter(Machine machine, LlamaConfig config, StepLayout layout, Choosing choosing) {
        this.choosing = choosing;
        this.machine = machine;
        this.config = config;
        this.layout = layout;
        this.attention = layout.attention();
        this.weights = new WeightLoads(machine, code, List.of());
    }

    /**
     * Instructions from the entry point to HALT.
     *
     * @param matrices QKV, O, GATE_UP, DOWN, HEAD
     * @param vectors in the image: {@link StepLayout#vectors} of each layer, {@code layerStride} apart
     * @param headVectors in the image: {@link StepLayout#headVectors}
     * @param embeddings in the image: {@link StepLayout#embedding} of each token
     */
    static List<Instruction> emit(
            Machine machine,
            LlamaConfig config,
            StepLayout layout,
            Choosing choosing,
            List<Matrix> matrices,
            long vectors,
            long layerStride,
            long headVectors,
            long embeddings) {
        var emitter = new StepEmitter(machine, config, layout, choosing);
        emitter.code.add(new Loop(0, 2, false, false));
        emitter.begin(embeddings);
        emitter.code.add(Loop.layers(config.layers()));
        emitter.vectors(false, vectors, layerStride);
        emitter.weights = new WeightLoads(machine, emitter.code, matrices.subList(0, 4));
        emitter.queriesKeysValues(matrices.get(0));
        emitter.attention();
        emitter.afterAttention(matrices.subList(1, 4));
        emitter.code.add(new EndLoop());
        emitter.vectors(true, headVectors, 0);
        emitter.weights = new WeightLoads(machine, emitter.code, matrices.subList(4, 5));
        emitter.logits(matrices.get(4));
        emitter.code.add(new Next(
                GREATEST + 1, layout.outBytes(), layout.lineBytes(), layout.scaleLineBytes(), config.endTokens()));
        emitter.code.add(new EndLoop());
        emitter.code.add(new Halt());
        return emitter.code;
    }

    private void begin(long embeddings) {
        code.add(new SetBase(CACHE, 0, embeddings, layout.inBytes(), SetBase.Per.TOKEN));
        code.add(new LoadRows(Tokens.NONE, CACHE, NONE, layout.stream(), machine.beats(layout.inBytes())));
        long line = layout.lineBytes();
        int block = layout.positions();
        code.add(new SetStride(TO_VALUE, layout.planeBytes()));
        code.add(new SetStride(TO_EARLIER, -layout.planeBytes() - block * line));
        if (coded()) {
            long scales = layout.scaleLineBytes();
            code.add(new SetStride(TO_VALUE_SCALES, layout.scalePlaneBytes()));
            code.add(new SetStride(TO_EARLIER_SCALES, -layout.scalePlaneBytes() - block * scales));
        }
        // BASE3 lies a line further with each position, what is to be read as much as there is of one
        code.add(new SetBase(CACHE, 3, 0, layout.turnBytes() - line, SetBase.Per.POSITION));
        code.add(new LoadRows(
                Tokens.NONE.postTo(Unit.VEC), CACHE, NONE, layout.cosines(), machine.beats(layout.turnedBytes())));
        await(Unit.LDA);
        constant(PART, 1f / 127);
        post(Unit.LDA);
        constant(LENGTH, 1f / config.hidden());
        post(Unit.LDA);
        constant(EPS, config.rmsEps());
        post(Unit.LDA);
        constant(ONE, 1);
        if (config.layer().subNorms()) {
            constant(QUERY_LENGTH, 1f / config.queryWidth());
            constant(MLP_LENGTH, 1f / config.intermediate());
        }
        constant(FAR, VectorAttention.FAR);
        constant(BLOCK, block);
        if (coded()) {
            constant(MINUS_PART, -1f / 127);
        }
        constant(ROOT, (float) (-1 / StrictMath.sqrt(config.headDim())));
    }

    /** Whether keys and values are codes with scales. */
    private boolean coded() {
        return layout.format() == RowFormat.INT8;
    }

    private void constant(int register, float value) {
        pass(VectorPass.load(register, value).after(After.NOTHING));
    }

    /** Gains and scales; VEC has a token when those before attention are there, and another one for the others. */
    private void vectors(boolean head, long offset, long layerStride) {
        Tokens both = Tokens.NONE.waitFor(Unit.VEC).postTo(Unit.VEC);
        code.add(new SetBase(VECTORS, 0, offset, layerStride));
        int beats = machine.beats(layout.beforeBytes(head));
        if (head) {
            code.add(new LoadRows(Tokens.NONE.waitFor(Unit.VEC), VECTORS, NONE, layout.firstBefore(), beats));
            code.add(new SetBase(RESULTS, 2, layout.logitBytes(), 0));
            code.add(new LoadRows(
                    Tokens.NONE.postTo(Unit.VEC), RESULTS, NONE, layout.wanted(), machine.beats(layout.choiceBytes())));
        } else {
            code.add(new LoadRows(both, VECTORS, NONE, layout.firstBefore(), beats));
        }
        code.add(new Sync(Tokens.NONE.waitFor(Unit.VEC), Unit.LDA));
        code.add(new SetBase(VECTORS, 0, offset + layout.beforeBytes(head), layerStride));
        code.add(new LoadRows(both, VECTORS, NONE, layout.firstAfter(), machine.beats(layout.afterBytes(head))));
        await(Unit.LDA);
    }

    private void queriesKeysValues(Matrix matrix) {
        int turned = config.queryWidth() + config.kvWidth();
        boolean adjacent = config.ropePairing() == RopePairing.ADJACENT;
        product(matrix, layout.spare(), config.hidden(), norm(layout.before(0)));
        int outputs = turned + config.kvWidth();
        passes(scaled(matrix, layout.before(1), outputs));
        if (config.layer().qkvBiases()) {
            passes(VectorKernels.add(layout.sums(), layout.before(2), layout.sums(), outputs));
        }
        passes(VectorKernels.rotary(
                layout.sums(),
                layout.cosines(),
                layout.sines(),
                machine.vector().rowsOf(config.headDim()),
                adjacent ? 1 : config.headDim() / 2,
                layout.spare(),
                layout.sums(),
                turned));
        if (coded()) {
            passes(attention.quantise(key(), MINUS_PART, ONE));
        }
        post(Unit.ST);
        code.add(new SetBase(CACHE, 3, layout.keyOffset(0, 0), 2 * layout.planeBytes()));
        int beats = machine.beats(layout.lineBytes());
        Tokens first = Tokens.NONE.waitFor(Unit.VEC);
        Tokens last = Tokens.NONE.postTo(Unit.VEC);
        RowFormat format = layout.format();
        code.add(new StoreRows(first, CACHE, TO_VALUE, key(), beats, format));
        code.add(new StoreRows(coded() ? Tokens.NONE : last, CACHE, NONE, value(), beats, format));
        if (coded()) {
            int both = attention.ownScales();
            int line = machine.beats(layout.scaleLineBytes());
            code.add(new SetBase(SCALES, 1, layout.keyScalesOffset(0, 0), 2 * layout.scalePlaneBytes()));
            code.add(new StoreRows(Tokens.NONE, SCALES, TO_VALUE_SCALES, both, line));
            code.add(new StoreRows(last, SCALES, NONE, both + rowsOfScales(1), line));
        }
    }

    /** Rows of the scales of so many keys. */
    private int rowsOfScales(int positions) {
        return Math.toIntExact(
                positions * layout.scaleLineBytes() / machine.vector().rowBytes());
    }

    private int key() {
        return layout.sums() + machine.vector().rowsOf(config.queryWidth());
    }

    private int value() {
        return key() + machine.vector().rowsOf(config.kvWidth());
    }

    private void attention() {
        await(Unit.LDA);
        List<VectorPass> begin = attention.begin(layout.sums(), key(), value(), layout.distances(), ROOT, ONE);
        passes(begin.subList(0, begin.size() - 2));
        for (VectorPass last : begin.subList(begin.size() - 2, begin.size())) {
            pass(last);
            post(Unit.LDA);
        }
        int block = layout.positions();
        code.add(new SetBase(CACHE, 3, layout.keyOffset(0, -block), 2 * layout.planeBytes()));
        if (coded()) {
            code.add(new SetBase(SCALES, 1, layout.keyScalesOffset(0, -block), 2 * layout.scalePlaneBytes()));
        }
        code.add(Loop.per(block, 1));
        load(TO_VALUE, attention.keys(), TO_VALUE_SCALES, attention.keyScales());
        load(TO_EARLIER, attention.values(), TO_EARLIER_SCALES, attention.valueScales());
        for (VectorPass pass : attention.block(layout.sums(), FAR, BLOCK)) {
            boolean keys = pass.x() == attention.keys();
            boolean values = pass.x() == attention.values();
            boolean keyScales = coded() && pass.y() == attention.keyScales();
            boolean valueScales = coded() && pass.y() == attention.valueScales();
            if (keys || (coded() ? valueScales : values)) {
                await(Unit.LDA);
            }
            pass(pass);
            if (values || (coded() ? keyScales : keys)) {
                post(Unit.LDA);
            }
        }
        code.add(new EndLoop());
        // key and value of this position lie where products go
        await(Unit.ST);
        passes(attention.end(layout.sums()));
    }

    /** Keys or values of a block, with their scales, under one token. */
    private void load(int stride, int rows, int scalesStride, int scales) {
        Tokens first = Tokens.NONE.waitFor(Unit.VEC);
        int block = layout.positions();
        int beats = machine.beats(block * layout.lineBytes());
        code.add(new LoadRows(coded() ? first : first.postTo(Unit.VEC), CACHE, stride, rows, beats, layout.format()));
        if (coded()) {
            int line = machine.beats(block * layout.scaleLineBytes());
            code.add(new LoadRows(Tokens.NONE.postTo(Unit.VEC), SCALES, scalesStride, scales, line));
        }
    }

    private void afterAttention(List<Matrix> matrices) {
        int hidden = config.hidden();
        int ffn = config.intermediate();
        boolean subNorms = config.layer().subNorms();
        int mixed = config.queryWidth();
        product(
                matrices.get(0),
                layout.sums(),
                mixed,
                subNorms ? norm(layout.sums(), layout.after(4), layout.sums(), mixed, QUERY_LENGTH) : List.of());
        passes(scaled(matrices.get(0), layout.after(0), hidden));
        passes(VectorKernels.add(layout.stream(), layout.sums(), layout.stream(), hidden));
        product(matrices.get(1), layout.spare(), hidden, norm(layout.after(1)));
        passes(scaled(matrices.get(1), layout.after(2), layout.gatedOutputs()));
        List<VectorPass> gated = new ArrayList<>(gate(ffn));
        if (subNorms) {
            gated.addAll(norm(layout.spare(), layout.after(5), layout.spare(), ffn, MLP_LENGTH));
        }
        product(matrices.get(2), layout.spare(), ffn, gated);
        passes(scaled(matrices.get(2), layout.after(3), hidden));
        passes(VectorKernels.add(layout.stream(), layout.sums(), layout.stream(), hidden));
        post(Unit.LDA);
    }

    private List<VectorPass> gate(int n) {
        int up = layout.sums() + machine.vector().rowsOf(n);
        return switch (config.layer().gate()) {
            case SILU -> VectorKernels.siluGate(layout.sums(), up, layout.spare(), layout.spare(), n, ONE);
            case SQUARED_RELU -> VectorKernels.squaredReluGate(layout.sums(), up, layout.spare(), n);
        };
    }

    private void logits(Matrix matrix) {
        product(matrix, layout.spare(), config.hidden(), norm(layout.firstBefore()));
        await(Unit.LDA);
        passes(scaled(matrix, layout.firstAfter(), config.vocab()));
        passes(VectorKernels.argMax(layout.sums(), config.vocab(), GREATEST, true));
        if (choosing != Choosing.GREATEST) {
            draw();
        }
        pass(VectorPass.ofScalar(GREATEST).over(layout.choiceElements()).to(layout.choice()));
        pass(VectorPass.ofScalar(GREATEST + 1)
                .orLess(layout.wanted())
                .to(layout.choice())
                .after(After.NOTHING));
        post(Unit.ST);
        pass(VectorPass.of(layout.choice(), 1).reduced(Reduction.FIRST, GREATEST + 1));
        code.add(new SetBase(RESULTS, 2, 0, 0));
        code.add(new StoreRows(
                Tokens.NONE.waitFor(Unit.VEC), RESULTS, NONE, layout.sums(), machine.beats(layout.outBytes())));
    }

    /** The drawn number takes the place of that of the greatest logit. */
    private void draw() {
        VectorDraw draw = layout.draw(GREATEST);
        passes(draw.weigh());
        if (choosing != Choosing.DRAWN) {
            Kept kept = choosing == Choosing.DRAWN_OF_BEST ? Kept.BEST : Kept.NUCLEUS;
            passes(draw.beforeSearch(kept));
            code.add(Loop.times(VectorDraw.ROUNDS));
            passes(draw.round(kept));
            code.add(new EndLoop());
            passes(draw.afterSearch());
        }
        passes(draw.pick());
    }

    private List<VectorPass> norm(int gain) {
        return norm(layout.stream(), gain, layout.spare(), config.hidden(), LENGTH);
    }

    private static List<VectorPass> norm(int x, int gain, int out, int n, int length) {
        return VectorKernels.rmsNorm(x, gain, out, n, NORM, length, EPS);
    }

    private List<VectorPass> scaled(Matrix matrix, int scales, int n) {
        if (matrix.plan().shape().n() != n) {
            throw new IllegalStateException(matrix.plan() + " has not " + n + " outputs");
        }
        return VectorKernels.scaleSums(layout.sums(), scales, layout.spare(), layout.sums(), n, ACT);
    }

    /** A matrix times k elements of a vector, which {@code before} makes. */
    private void product(Matrix m, int x, int k, List<VectorPass> before) {
        List<Piece> pieces = m.plan().pieces();
        passes(before);
        List<VectorPass> quantise = VectorKernels.quantise(x, 0, k, ACT, PART);
        passes(quantise.subList(0, quantise.size() - 1));
        pass(quantise.get(quantise.size() - 1).write(Result.ACTIVATIONS, 0));
        post(Unit.MX);
        for (Piece piece : pieces) {
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
                    m.plan().shape().kept(),
                    m.plan().shape().listed()));
            weights.taken();
        }
        await(Unit.MX);
    }

    /** The next pass waits for a unit, too. */
    private void await(Unit unit) {
        waits = waits.waitFor(unit);
    }

    private void passes(List<VectorPass> passes) {
        passes.forEach(this::pass);
    }

    /** A pass, which takes the tokens that are due. */
    private void pass(VectorPass pass) {
        code.add(new Vector(waits, pass, 0));
        waits = Tokens.NONE;
    }

    /** The last pass posts. */
    private void post(Unit unit) {
        int last = code.size() - 1;
        Vector vector = (Vector) code.get(last);
        code.set(last, new Vector(vector.tokens().postTo(unit), vector.pass(), 0));
    }
}
