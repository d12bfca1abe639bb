// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Engine;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.Machine;
import dev.lutra.machine.TypedCodes;
import dev.lutra.machine.UserException;
import java.util.function.ToIntFunction;

/**
 * Cuts a region so that every piece fits the machine's buffers and accumulators and the fields of an instruction.
 *
 * <p>The tile size is searched exhaustively: {@link TileCost} estimates the end of the last store for each.
 */
public final class Planner {
    /** So many activations have a sum of 16 bits. */
    private static final int MOST_OFFSET_GROUP = 256;

    private final Machine machine;
    private final Engine engine;
    private final Buffers buffers;
    private final int beat;

    /** For programs of this machine. */
    public Planner(Machine machine) {
        this.machine = machine;
        this.engine = machine.engine();
        this.buffers = machine.buffers();
        this.beat = machine.bus().beatBytes();
    }

    /**
     * Plans a region.
     *
     * @param compact only tiles of equal size, which need fewer instructions
     * @throws UserException if the machine cannot compute it, with the limit and what would fit
     */
    public RegionPlan plan(RegionShape shape, boolean compact) {
        return plan(shape, one -> tileBlocks(one, compact));
    }

    /** Plans a region with tiles as large as they can be: for results that stay on the chip, so that no store of one tile hides behind the next. */
    public RegionPlan planLargest(RegionShape shape) {
        return plan(shape, this::mostBlocks);
    }

    private RegionPlan plan(RegionShape shape, ToIntFunction<RegionPlan> tiles) {
        requireFormat(shape);
        int kSteps = up(shape.k(), engine.step());
        int gSteps = shape.scaled() ? Math.min(shape.groupSize() / engine.step(), kSteps) : 0;
        requireAccumulators(shape);
        int chunkSteps = chunkSteps(shape, kSteps, gSteps);
        int chunks = up(kSteps, chunkSteps);
        if (chunks > 1 && engine.activations() == ActivationType.FP16) {
            throw cutRow(shape, chunkSteps);
        }
        if (shape.listed() && (chunks > 1 || shape.listedSteps() > mostListed(kSteps))) {
            throw unfit(
                    shape,
                    "%d of %d steps are listed, of which it takes %d at most in %d chunks"
                            .formatted(shape.listedSteps(), kSteps, mostListed(kSteps), chunks),
                    "choose a machine with larger buffers");
        }
        if (shape.hasBitmaps() && (chunks > 1 || !engine.bitmaps())) {
            throw unfit(
                    shape,
                    engine.bitmaps()
                            ? "its words lie in memory as bitmaps, which takes a reduction whole, and it has %d chunks"
                                    .formatted(chunks)
                            : "its words lie in memory as bitmaps, the engine takes them as they are",
                    engine.bitmaps() ? "choose a machine with larger buffers" : "choose a machine with --bitmaps");
        }
        int blocks = up(shape.n(), engine.n());
        if (blocks > InstructionCodec.LOOP_COUNT.max()) {
            throw unfit(
                    shape,
                    "%d blocks of %d outputs are more than a loop counts".formatted(blocks, engine.n()),
                    "choose a machine with a larger engine.n");
        }
        RegionPlan one = new RegionPlan(machine, shape, kSteps, gSteps, chunkSteps, chunks, blocks, 1);
        int tile = chunks == 1 ? tiles.applyAsInt(one) : 1;
        return new RegionPlan(machine, shape, kSteps, gSteps, chunkSteps, chunks, blocks, tile);
    }

    /** Steps of a block that can be listed, of a reduction that is not split: the list of a block lies in the scale ring. */
    private int mostListed(int kSteps) {
        return kSteps - 1 > engine.mostListedStep() ? 0 : Math.min(kSteps, buffers.scaleRing() / engine.scaleBytes());
    }

    /** Whether a region with all its steps planned can be planned with so many of them listed. */
    public boolean lists(RegionPlan whole, int steps) {
        return engine.listsSteps() && whole.chunks() == 1 && steps <= mostListed(whole.kSteps());
    }

    /** Whether a region with all its words planned can have them in memory as bitmaps. */
    public boolean mapsBits(RegionPlan whole) {
        return engine.bitmaps() && whole.chunks() == 1 && wordsOfBlock(whole) <= InstructionCodec.LDW_WORDS.max();
    }

    private static long wordsOfBlock(RegionPlan plan) {
        return (long) plan.kSteps() * plan.passes();
    }

    private void requireFormat(RegionShape shape) {
        String sparse = shape.listed() ? engine.refusalOfList(shape.kept()) : engine.refusal(shape.kept());
        if (sparse != null) {
            throw unfit(shape, sparse, "choose a machine with --engine dsp");
        }
        String refusal = engine.refusal(shape.bits(), shape.zeroPoint());
        if (refusal != null) {
            throw unfit(
                    shape,
                    refusal,
                    shape.bits() > engine.maxBits()
                            ? "choose weights of fewer bits or a machine with a larger engine.maxBits; --head float leaves"
                                    + " the head to the host"
                            : "choose other weights or a machine with another engine");
        }
        if (shape.zeroPoint() == TypedCodes.OFFSETS && shape.groupSize() > MOST_OFFSET_GROUP) {
            throw unfit(
                    shape,
                    "its groups of %d weights have zero points, which the engine takes off groups of at most %d"
                            .formatted(shape.groupSize(), MOST_OFFSET_GROUP),
                    "choose --group of at most " + MOST_OFFSET_GROUP);
        }
        if (shape.scaled() && !engine.groupScales()) {
            throw unfit(
                    shape,
                    "its weights have scales per group of %d, the engine has none".formatted(shape.groupSize()),
                    "leave --group away or choose a machine with engine.groupScales");
        }
        if (shape.groupSize() % engine.step() != 0) {
            throw unfit(
                    shape,
                    "a group of %d weights is no multiple of the engine's step of t*g = %d"
                            .formatted(shape.groupSize(), engine.step()),
                    "choose --group as a multiple of %d".formatted(engine.step()));
        }
    }

    private void requireAccumulators(RegionShape shape) {
        if (shape.scaled() && innerElements(shape) < Math.min(shape.groupSize(), shape.k())) {
            throw unfit(
                    shape,
                    "a group of %d weights of %d bits can overflow the inner accumulator of %d bits, which is safe up to %d"
                            .formatted(shape.groupSize(), shape.bits(), engine.innerBits(), innerElements(shape)),
                    "choose a smaller --group or a machine with more engine.innerBits");
        }
        int bits = 65 - Long.numberOfLeadingZeros(shape.largest());
        if (bits > engine.outerBits()) {
            throw unfit(
                    shape,
                    "its results reach %d, which needs %d bits, the outer accumulator has %d"
                            .formatted(shape.largest(), bits, engine.outerBits()),
                    "choose a machine with engine.outerBits of at least " + bits);
        }
    }

    /**
     * Longest reduction for which the inner accumulator cannot overflow: 127 (or the largest activation) * k * 2^bits below 2^(innerBits-1), and with what the rounding of tables adds.
     */
    private long innerElements(RegionShape shape) {
        return ((1L << (engine.innerBits() - 1)) - 1)
                / (((long) engine.activations().largest() << shape.bits()) + engine.roundingOfElement(shape.bits()));
    }

    private int chunkSteps(RegionShape shape, int kSteps, int gSteps) {
        int line = engine.lineBytes();
        long words = engine.wordBytes() / beat * (long) engine.passes(shape.bits(), shape.kept());
        long most = Math.min(buffers.activationHalf() / line, InstructionCodec.MX_K_STEPS.max());
        most = Math.min(most, InstructionCodec.MEM_LONG_BEATS.max() / words);
        if (!shape.scaled()) {
            most = Math.min(most, innerElements(shape) / engine.step());
        }
        int quantum = lcm(Math.max(1, gSteps), Math.max(1, beat / line));
        if (shape.scaled()) {
            long ring = (long) (buffers.scaleRing() / engine.scaleBytes()) * gSteps;
            if (up(kSteps, quantum) > 2 * (Math.min(most, ring) / quantum)) {
                // the activations are loaded again for each block anyway: leave room to load scales ahead
                ring = Math.min(ring, Math.max(quantum, ring / 2));
            }
            most = Math.min(most, ring);
        }
        if (shape.kept().indexed()) {
            long lines = buffers.scaleRing() / engine.scaleBytes();
            most = Math.min(most, lines / engine.passes(shape.bits(), shape.kept()));
        }
        if (kSteps <= most) {
            return kSteps;
        }
        int chunk = (int) (most / quantum * quantum);
        if (chunk == 0) {
            throw unfit(
                    shape,
                    ("a reduction of %d can only be split after %d inputs, for which the activation half (%d bytes, %d rows), "
                                    + "the scale ring (%d bytes) or the inner accumulator (%d bits) is too small")
                            .formatted(
                                    shape.k(),
                                    (long) quantum * engine.step(),
                                    buffers.activationHalf(),
                                    engine.m(),
                                    buffers.scaleRing(),
                                    engine.innerBits()),
                    "choose a smaller --group or a machine with larger buffers");
        }
        return up(up(kSteps, up(kSteps, chunk)), quantum) * quantum;
    }

    /** Rows of FP16 have one exponent, which the hardware finds in what it loads at once. */
    private UserException cutRow(RegionShape shape, int chunkSteps) {
        String why =
                "FP16 activations have one exponent per row, so a reduction cannot be split, but %d inputs must be after %d: "
                        .formatted(shape.k(), (long) chunkSteps * engine.step());
        if (!shape.scaled() && innerElements(shape) < shape.k()) {
            return unfit(
                    shape,
                    why
                            + "the inner accumulator of %d bits takes %d of weights of %d bits"
                                    .formatted(engine.innerBits(), innerElements(shape), shape.bits()),
                    "choose weights of fewer bits or --group; --head float leaves the head to the host; --activations 16 can be split");
        }
        return unfit(
                shape,
                why
                        + "the activation half has %d bytes for %d rows, the scale ring %d"
                                .formatted(buffers.activationHalf(), engine.m(), buffers.scaleRing()),
                "choose a machine with fewer --rows, a larger --group, or --activations 16, which can be split");
    }

    private int mostBlocks(RegionPlan one) {
        long most = Math.min(one.blocks(), buffers.outputHalf() / one.blockBytes());
        most = Math.min(most, InstructionCodec.MX_BLOCKS.max());
        most = Math.min(most, InstructionCodec.MEM_BEATS.max() * beat / one.blockBytes());
        most = Math.min(most, InstructionCodec.MEM_LONG_BEATS.max() * beat / one.weightBytes(1, one.storedSteps()));
        if (one.shape().hasBitmaps()) {
            most = Math.min(most, InstructionCodec.LDW_WORDS.max() / wordsOfBlock(one));
        }
        if (one.streamsScales()) {
            long bytes = one.scaleLines(one.storedSteps()) * engine.scaleBytes();
            most = Math.min(most, Math.max(1, buffers.scaleRing() / 2 / bytes));
        }
        if (engine.tables().stay()) {
            most = Math.min(most, engine.tables().blocks());
        }
        return (int) Math.max(1, most);
    }

    private int tileBlocks(RegionPlan one, boolean compact) {
        int most = mostBlocks(one);
        int best = 1;
        long bestCost = Long.MAX_VALUE;
        for (int blocks = 1; blocks <= most; blocks++) {
            int tail = one.blocks() % blocks;
            if (compact && tail != 0) {
                continue;
            }
            long cost = TileCost.of(one, blocks);
            if (cost < bestCost) {
                best = blocks;
                bestCost = cost;
            }
        }
        return best;
    }

    private static UserException unfit(RegionShape shape, String why, String hint) {
        return UserException.badInput(
                "region %s (%d x %d) does not fit this machine: %s".formatted(shape.name(), shape.n(), shape.k(), why),
                hint);
    }

    private static int up(int a, int b) {
        return (a + b - 1) / b;
    }

    private static int lcm(int a, int b) {
        int x = a;
        int y = b;
        while (y != 0) {
            int rest = x % y;
            x = y;
            y = rest;
        }
        return a / x * b;
    }
}
