// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.map.plan.RegionPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of one region: a loop over LEN1 chunks of rows around a loop over tiles (or over blocks, if the reduction is split).
 *
 * <p>Activation halves: with one chunk of the reduction the next chunk of rows is loaded into the other half while this one is
 * used; two chunks stay resident in both halves; with more, each block loads them again in turn. Output halves alternate from
 * tile to tile. Within the loops the machine's phases do the alternating, outside them the literal does.
 */
final class RegionEmitter {
    private static final int ACTIVATIONS = 0;
    private static final int WEIGHTS = 1;
    private static final int OUTPUTS = 2;
    private static final int ENTRIES = 3;
    private static final int SUMS = 4;

    private static final int IMAGE_ARGUMENT = 0;
    private static final int ACTIVATION_ARGUMENT = 1;
    private static final int OUTPUT_ARGUMENT = 2;
    private static final int GIVEN_ARGUMENT = 3;
    private static final int SUM_ARGUMENT = 3;

    private static final int NO_STRIDE = 0;
    private static final int IN = 1;
    private static final int SCALE = 2;
    private static final int WEIGHT = 3;
    private static final int OUT = 4;
    private static final int LAST_SCALE = 5;
    private static final int LAST_WEIGHT = 6;
    private static final int LAST_IN = 7;
    /** Only with one chunk of the reduction, where there is no last chunk. */
    private static final int TAIL_OUT = LAST_WEIGHT;

    private final RegionPlan plan;
    private final SetBase weights;
    private final boolean compact;
    private final List<Instruction> body = new ArrayList<>();
    private int outputHalf;

    private RegionEmitter(RegionPlan plan, SetBase weights, boolean compact) {
        this.plan = plan;
        this.weights = weights;
        this.compact = compact;
    }

    /** Matrices of the weight image: that of layer l begins at {@code imageOffset + l * layerStride}. */
    static SetBase weightsInImage(long imageOffset, long layerStride) {
        return new SetBase(WEIGHTS, IMAGE_ARGUMENT, imageOffset, layerStride);
    }

    /** A matrix that the host gives with each start, at BASE3. */
    static SetBase weightsGiven() {
        return new SetBase(WEIGHTS, GIVEN_ARGUMENT, 0, 0);
    }

    /**
     * Instructions from the entry point to HALT.
     *
     * @param weights sets the base register of weights to where the matrix begins
     * @param compact fewest instructions, for a plan whose tiles are all equal
     */
    static List<Instruction> emit(RegionPlan plan, SetBase weights, boolean compact) {
        return new RegionEmitter(plan, weights, compact).region();
    }

    private List<Instruction> region() {
        if (plan.chunks() == 1) {
            wholeReduction();
        } else if (plan.chunks() == 2) {
            residentHalves();
        } else {
            reloadedChunks();
        }
        List<Instruction> code = new ArrayList<>();
        code.add(new SetBase(ACTIVATIONS, ACTIVATION_ARGUMENT, 0, 0));
        code.add(new SetBase(OUTPUTS, OUTPUT_ARGUMENT, 0, 0));
        if (plan.tileEntries() != 0) {
            code.add(new SetBase(SUMS, SUM_ARGUMENT, 0, 0));
        }
        code.add(new SetStride(IN, plan.chunks() == 1 ? plan.inBytes() : chunkInBytes()));
        // an odd number of tiles outside of loops leaves the output halves exchanged
        code.add(new Loop(0, 1, plan.chunks() == 1, outputHalf == 1));
        if (plan.tileEntries() != 0) {
            code.add(new LoadEntries(Tokens.NONE, ACTIVATIONS, NO_STRIDE, true, beats(plan.inBytes())));
            code.add(new SetBase(ENTRIES, IMAGE_ARGUMENT, weights.offset() + plan.matrixBytes(), weights.stride()));
        }
        code.addAll(body);
        code.add(new EndLoop());
        code.add(new Halt());
        return code;
    }

    /**
     * The first and the last tile stand outside of the loop: they take and release the activations, and the first can be on its way
     * to memory before the registers of the others are set. The compact form leaves taking and releasing to instructions of their own.
     */
    private void wholeReduction() {
        int tail = plan.tailBlocks();
        int tiles = plan.tiles();
        load(IN, 0, plan.kSteps(), Tokens.NONE.waitFor(Unit.MX).postTo(Unit.MX));
        weightBase();
        if (compact && tiles > 2) {
            strides(SCALE, WEIGHT, plan.tileBlocks(), plan.storedSteps());
            body.add(new SetStride(OUT, (long) plan.tileBlocks() * plan.blockBytes()));
            body.add(new Sync(Tokens.NONE.waitFor(Unit.LDA), Unit.MX));
            body.add(new Loop(tiles, 0, false, true));
            tile(plan.tileBlocks(), Strides.KEEP, Tokens.NONE);
            body.add(new EndLoop());
            body.add(new Sync(Tokens.NONE.postTo(Unit.LDA), Unit.MX));
            return;
        }
        for (int tile = 0; tile < tiles; tile++) {
            Tokens tokens = tile == 0 ? Tokens.NONE.waitFor(Unit.LDA) : Tokens.NONE;
            boolean last = tile == tiles - 1;
            if (!last && tile > 0 && tiles - 2 > 1) {
                body.add(new Loop(tiles - 2, 0, false, true));
                tile(plan.tileBlocks(), Strides.KEEP, tokens);
                body.add(new EndLoop());
                tile = tiles - 2;
                continue;
            }
            boolean smaller = last && tail != 0;
            Strides strides = tile == 0 ? Strides.SET : smaller ? Strides.SET_LAST : Strides.KEEP;
            tile(smaller ? tail : plan.tileBlocks(), strides, last ? tokens.postTo(Unit.LDA) : tokens);
            outputHalf ^= 1;
        }
    }

    private enum Strides {
        SET,
        KEEP,
        /** Registers for the smaller last tile; only its result base moves on, to the next chunk of rows. */
        SET_LAST
    }

    private void tile(int blocks, Strides strides, Tokens tokens) {
        boolean last = strides == Strides.SET_LAST;
        boolean set = strides != Strides.KEEP;
        int scale = last ? LAST_SCALE : SCALE;
        entries(blocks);
        if (plan.streamsScales()) {
            if (set) {
                body.add(new SetStride(scale, plan.scaleBytes(blocks, plan.storedSteps())));
            }
            body.add(new LoadScales(Tokens.NONE, WEIGHTS, scale, beats(plan.scaleBytes(blocks, plan.storedSteps()))));
        }
        if (strides == Strides.SET) {
            body.add(new SetStride(WEIGHT, plan.weightBytes(blocks, plan.storedSteps())));
        }
        body.add(new LoadWeights(
                Tokens.NONE,
                WEIGHTS,
                last ? NO_STRIDE : WEIGHT,
                beats(plan.weightBytes(blocks, plan.storedSteps())),
                plan.bitmapWords(blocks, plan.storedSteps())));
        if (set) {
            body.add(new SetStride(last ? TAIL_OUT : OUT, (long) blocks * plan.blockBytes()));
        }
        multiply(blocks, plan.storedSteps(), 0, true, true, tokens);
        store(blocks, last ? TAIL_OUT : OUT);
    }

    /**
     * The sparse rows of a tile of so many blocks, before its weights: the side engine works them off while MX is at the tile before. Their sums are stored before the
     * tile's results, so that they never wait for weights behind them. The register LAST_IN is changed.
     */
    private void entries(int blocks) {
        if (plan.tileEntries() == 0) {
            return;
        }
        body.add(new SetStride(LAST_IN, plan.tileEntryBytes()));
        body.add(new LoadEntries(Tokens.NONE, ENTRIES, LAST_IN, false, beats(plan.tileEntryBytes())));
        body.add(new SetStride(LAST_IN, plan.sumBytes(blocks)));
        body.add(new StoreSums(Tokens.NONE, SUMS, LAST_IN, beats(plan.sumBytes(blocks))));
    }

    private void residentHalves() {
        Tokens tokens = Tokens.NONE.waitFor(Unit.MX).postTo(Unit.MX);
        body.add(new SetStride(LAST_IN, plan.inBytes() - chunkInBytes()));
        load(IN, 0, plan.chunkSteps(), tokens);
        load(LAST_IN, 1, plan.lastChunkSteps(), tokens);
        weightBase();
        chunkStrides();
        Sync taken = new Sync(Tokens.NONE.waitFor(Unit.LDA), Unit.MX);
        Sync released = new Sync(Tokens.NONE.postTo(Unit.LDA), Unit.MX);
        body.add(taken);
        body.add(taken);
        body.add(new Loop(plan.blocks(), 0, false, true));
        entries(1);
        stream(1, plan.chunkSteps(), SCALE, WEIGHT);
        multiply(1, plan.chunkSteps(), 0, true, false, Tokens.NONE);
        stream(1, plan.lastChunkSteps(), LAST_SCALE, LAST_WEIGHT);
        multiply(1, plan.lastChunkSteps(), 1, false, true, Tokens.NONE);
        store(1, OUT);
        body.add(new EndLoop());
        body.add(released);
        body.add(released);
    }

    private void reloadedChunks() {
        weightBase();
        chunkStrides();
        if (plan.blocks() > 1) {
            SetStride back = new SetStride(LAST_IN, -(plan.chunks() - 1) * chunkInBytes());
            body.add(back);
            body.add(new Loop(plan.blocks() - 1, 0, false, true));
            block(back);
            body.add(new EndLoop());
        }
        SetStride on = new SetStride(LAST_IN, plan.inBytes() - (plan.chunks() - 1) * chunkInBytes());
        body.add(on);
        block(on);
        outputHalf ^= 1;
    }

    /** One block whose chunks are loaded for it alone; LAST_IN moves the activation base after its last chunk. */
    private void block(SetStride lastIn) {
        if (plan.tileEntries() != 0) {
            entries(1);
            body.add(lastIn);
        }
        chunk(0, plan.chunkSteps(), true, false);
        // the half is 1, then 0, 1, ... by the phase, which also leaves it right for the last chunk and the next block
        body.add(new Loop(plan.chunks() - 2, 0, true, false));
        chunk(1, plan.chunkSteps(), false, false);
        body.add(new EndLoop());
        chunk(1, plan.lastChunkSteps(), false, true);
        store(1, OUT);
    }

    private void chunk(int half, int steps, boolean first, boolean last) {
        load(last ? LAST_IN : IN, half, steps, Tokens.NONE.waitFor(Unit.MX).postTo(Unit.MX));
        stream(1, steps, last ? LAST_SCALE : SCALE, last ? LAST_WEIGHT : WEIGHT);
        multiply(1, steps, half, first, last, Tokens.NONE.waitFor(Unit.LDA).postTo(Unit.LDA));
    }

    private long chunkInBytes() {
        return (long) plan.chunkSteps() * plan.lineBytes();
    }

    private void chunkStrides() {
        strides(SCALE, WEIGHT, 1, plan.chunkSteps());
        strides(LAST_SCALE, LAST_WEIGHT, 1, plan.lastChunkSteps());
        body.add(new SetStride(OUT, plan.blockBytes()));
    }

    private void strides(int scale, int weight, int blocks, int steps) {
        if (plan.streamsScales()) {
            body.add(new SetStride(scale, plan.scaleBytes(blocks, steps)));
        }
        body.add(new SetStride(weight, plan.weightBytes(blocks, steps)));
    }

    private void weightBase() {
        body.add(weights);
    }

    private void load(int stride, int half, int steps, Tokens tokens) {
        body.add(new LoadActivations(tokens, ACTIVATIONS, stride, half, beats((long) steps * plan.lineBytes())));
    }

    private void stream(int blocks, int steps, int scaleStride, int weightStride) {
        if (plan.streamsScales()) {
            body.add(new LoadScales(Tokens.NONE, WEIGHTS, scaleStride, beats(plan.scaleBytes(blocks, steps))));
        }
        body.add(new LoadWeights(Tokens.NONE, WEIGHTS, weightStride, beats(plan.weightBytes(blocks, steps))));
    }

    private void multiply(int blocks, int steps, int half, boolean first, boolean last, Tokens tokens) {
        body.add(new Multiply(
                last ? tokens.waitFor(Unit.ST).postTo(Unit.ST) : tokens,
                half,
                outputHalf,
                first,
                last,
                plan.machine().engine().tile(),
                plan.types(),
                steps,
                plan.gSteps(),
                blocks,
                0,
                false,
                plan.shape().kept(),
                plan.shape().listed()));
    }

    private void store(int blocks, int stride) {
        body.add(new Store(
                Tokens.NONE.waitFor(Unit.MX).postTo(Unit.MX),
                OUTPUTS,
                stride,
                outputHalf,
                beats((long) blocks * plan.blockBytes())));
    }

    private int beats(long bytes) {
        return plan.machine().beats(bytes);
    }
}
