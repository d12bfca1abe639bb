// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.Tables;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.LutControl;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.pe.dot.ActivationAligner;
import dev.lutra.pe.ternary.TritWords;
import dev.lutra.pe.vector.VectorUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MX: runs the matrix engine over the blocks, groups, planes and steps of an instruction.
 *
 * <p>One slot of the core is issued a cycle: it reads an activation line and takes a weight word. A slot waits for its
 * weight word, the last slot of a scaled group for its scales, and the last slot of a block until the results before it
 * have drained. A scaled group has at least 8 slots, since its scale is applied bit by bit beside the next group; where
 * planes times steps are fewer, empty slots come before its last one. So the slots of an instruction are
 * {@code blocks * sum over groups of max(planes * steps, scaled ? 8 : 0)} whatever the memory does.
 *
 * <p>Where tables stay, slots go over the planes of a block, the blocks, and the steps. An activation line is read once per step, with the first
 * slot of the step before, and the first one before all slots; empty slots come before the first slot of a step whose tables are not
 * written yet. {@link dev.lutra.pe.EngineCycles} has the count.
 *
 * <p>Where steps are listed, a line of the list is taken from the stream of scales ahead of the first slot of each step, and a slot waits for it. With three
 * passes or more no slot waits but an instruction's first.
 *
 * <p>Where ternary weights may be packed, words are decoded in a stage of their own in front of the core, for which everything else waits. So it does for
 * FP16 activations, of which aligners make integers under the exponents of their rows.
 */
final class MatrixUnit extends Module {

    /**
     * @param engine the matrix engine
     * @param beatBits width of a bus beat
     * @param activationHalf bytes of a half of the activation buffer
     * @param outputHalf bytes of a half of the output buffer
     * @param drainDepth blocks whose results are on their way, at most
     * @param widths of the commands
     * @param vector the vector unit whose scratchpad takes results, too
     */
    record Params(
            Engine engine,
            int beatBits,
            int activationHalf,
            int outputHalf,
            int drainDepth,
            CommandWidths widths,
            VectorShape vector) {

        int lineBits() {
            return engine.lineBytes() * 8;
        }

        boolean aligns() {
            return engine.activations() == ActivationType.FP16;
        }

        int lineAddressBits() {
            return Log2.exact(2 * activationHalf * 8 / lineBits());
        }

        int beatAddressBits() {
            return Log2.exact(2 * outputHalf * 8 / beatBits);
        }

        ResultDrain.Params drain() {
            return new ResultDrain.Params(
                    engine.m() * engine.n(),
                    engine.outerBits(),
                    beatBits,
                    beatAddressBits(),
                    drainDepth,
                    vector.exists());
        }

        StepList.Params stepList() {
            return new StepList.Params(
                    engine.scaleBytes() * Byte.SIZE, lineAddressBits() - 1, widths.steps(), widths.blocks());
        }

        /** Results on their way to the scratchpad: as many blocks as drain. */
        RowWriter.Params rowWriter() {
            int block = drain().beats(false);
            return new RowWriter.Params(
                    beatBits, vector, Integer.highestOneBit(2 * drainDepth * block - 1), block, ROW_JOBS);
        }
    }

    /** Instructions whose rows are on their way to the scratchpad, at most. */
    private static final int ROW_JOBS = 2;

    /** Cycles in which an 8-bit scale is applied. */
    static final int SCALE_SLOTS = 8;

    final Bool clear = in(bool());
    final Decoupled<MatrixCommand> command;
    final Bool loadTokenAvailable = in(bool());
    final Bool loadTokenTake = out(bool());
    final Bool loadTokenPost = out(bool());
    final Bool storeTokenAvailable = in(bool());
    final Bool storeTokenTake = out(bool());
    final Bool storeTokenPost = out(bool());
    final Bool lineRead = out(bool());
    final UInt lineAddress;
    final Bits line;

    /** Of the rows of both halves, as {@link RowExponents} has them; null of integers. */
    final @Nullable Vec<UInt> exponents;

    final WordStream weights;

    /** Lines of group scales, or of indices; null where the machine has none. */
    final @Nullable WordStream scales;

    final Bool writeEnable = out(bool());
    final UInt writeAddress;
    final Bits writeData;

    /** Rows of results; null without a vector unit, as are its tokens. */
    final @Nullable Decoupled<VectorUnit.Row> sums;

    final @Nullable Bool vectorTokenAvailable;
    final @Nullable Bool vectorTokenTake;
    final @Nullable Bool vectorTokenPost;
    final Bool busy = out(bool());
    final Bool stalled = out(bool());

    /** Stalled before its instruction has begun. */
    final Bool waits = out(bool());

    final Bool idle = out(bool());

    MatrixUnit(Params p) {
        super(p);
        Engine engine = p.engine;
        boolean stepwise = engine.packing().stepwise();
        boolean stay = engine.tables().stay();
        String order = stay
                ? "step by step, block by block, plane by plane"
                : "block by block, group by group, " + (stepwise ? "step by step" : "plane by plane");
        doc("MX unit: issues the slots of the matrix engine, %s.".formatted(order));
        doc("A slot waits for its weight word%s, and for the results before it to drain."
                .formatted(engine.groupScales() ? ", its scales" : engine.hasScaleStream() ? ", its indices" : ""));
        command = in(decoupled(new MatrixCommand(p.widths)));
        lineAddress = out(uint(p.lineAddressBits()));
        line = in(bits(p.lineBits()));
        exponents = p.aligns() ? in(vec(2 * engine.m(), i -> uint(5))) : null;
        weights = out(new WordStream(engine.wordBits()));
        scales = engine.hasScaleStream() ? out(new WordStream(engine.scaleBytes() * 8)) : null;
        writeAddress = out(uint(p.beatAddressBits()));
        writeData = out(bits(p.beatBits));
        boolean vectors = p.vector.exists();
        sums = vectors ? out(decoupled(new VectorUnit.Row(p.vector))) : null;
        vectorTokenAvailable = vectors ? in(bool()) : null;
        vectorTokenTake = vectors ? out(bool()) : null;
        vectorTokenPost = vectors ? out(bool()) : null;
        RowWriter rows = vectors ? new RowWriter(p.rowWriter()) : null;

        var drain = new ResultDrain(p.drain());
        MatrixCommand cmd = command.bits;
        int stepBits = p.widths.steps();
        UInt groupLimit = cmd.groupSteps; // null: one group per block
        Bool scaled = groupLimit == null ? lit(false) : groupLimit.ne(0);

        // --- position of the next slot --------------------------------------------------------------------------
        Bool running = reg(bool()).init(false);
        UInt blocksLeft = reg(uint(p.widths.blocks()));
        UInt groupBase = groupLimit == null ? lit(0, stepBits) : reg(uint(stepBits)); // line of the group's first step
        UInt groupSteps = groupLimit == null ? cmd.kSteps : reg(uint(stepBits)); // steps of this group
        UInt kLeft = groupLimit == null ? cmd.kSteps : reg(uint(stepBits)); // steps of this block, this group included
        UInt step = reg(uint(stepBits));
        UInt plane = reg(uint(p.widths.passes()));
        UInt slots = groupLimit == null ? lit(0, 3) : reg(uint(3)); // slots of this group so far, at most 7
        Bool firstGroup = groupLimit == null ? lit(true) : reg(bool());
        UInt outputBeat = reg(uint(p.beatAddressBits()));
        UInt drainTime = reg(uint(Log2.bitsFor(p.drain().mostBeats()))).init(0);

        Bool stepEnds = step.wrapAdd(1).eq(groupSteps);
        Bool groupEnds = stepEnds.and(plane.eq(0));
        Bool groupStarts = stay ? step.eq(0) : step.eq(0).and(plane.eq(cmd.topPlane));
        Bool blockEnds = groupLimit == null ? groupEnds : groupEnds.and(kLeft.eq(groupSteps));
        Bool lastBlock = blocksLeft.eq(1);
        Bool captures = blockEnds.and(cmd.last);
        // Where tables stay: the block, the line that is read next, and cycles since the last one was read.
        UInt block = stay ? reg(uint(p.widths.blocks())) : lit(0, 1);
        UInt nextLine = stay ? reg(uint(stepBits)) : step;
        int writing = stay ? Tables.writeCycles(engine.g()) : 0;
        UInt age = stay ? reg(uint(Log2.bitsFor(writing))) : lit(0, 1);
        Bool stepStarts = block.eq(0).and(plane.eq(cmd.topPlane));
        Bool listed = cmd.listed == null ? lit(false) : cmd.listed;
        StepList list = cmd.listed == null ? null : new StepList(p.stepList());
        Bool passStarts = plane.eq(cmd.topPlane);
        if (list != null) {
            list.first.set(passStarts);
        }

        // --- issue ----------------------------------------------------------------------------------------------
        Bool indexed = cmd.keptM == null ? lit(false) : cmd.keptM.ne(0);
        Bool takesScale = indexed.or((stepwise ? groupStarts : groupEnds).and(scaled));
        Bool scaleReady = scales == null ? lit(true) : takesScale.not().or(scales.available);
        Bool drained = drainTime.eq(0).and(drain.slot.ready);
        Bool toRows = cmd.toRows;
        Bool room = rows == null || toRows == null
                ? drained
                : drained.and(toRows.not().or(rows.freeBeats.ge(p.drain().beats(false))));
        Bool drainReady = captures.not().or(room);
        Bool tooEarly = stay
                ? stepStarts.and(age.ne(writing))
                : groupLimit == null ? lit(false) : groupEnds.and(scaled).and(slots.ne(SCALE_SLOTS - 1));
        Bool pads = running.and(tooEarly);
        Bool packed = cmd.packed == null ? lit(false) : cmd.packed;
        UInt fifth = cmd.packed == null ? lit(0, 3) : reg(uint(3)); // word of five, the last of which is not in memory
        Bool rides = packed.and(fifth.eq(Engine.PACKED_TRITS - 1));
        Bool issues = running.and(tooEarly.not())
                .and(weights.available.or(rides))
                .and(scaleReady)
                .and(drainReady)
                .and(
                        list == null
                                ? lit(true)
                                : listed.and(passStarts).andNot(list.ready).not());
        Bool loads = stay ? pads.and(age.eq(0)).or(issues.and(stepStarts).andNot(stepEnds)) : issues;
        lineRead.set(loads);
        UInt inOrder = groupLimit == null ? nextLine : groupBase.wrapAdd(step);
        UInt lineInHalf = list == null ? inOrder : mux(listed, list.line, resized(inOrder, p.lineAddressBits() - 1));
        lineAddress.set(cat(cmd.activationHalf, resized(lineInHalf, p.lineAddressBits() - 1))
                .asUInt());
        weights.pop.set(issues.andNot(rides));
        weights.last.set(false); // a beat never holds more than one word of weights
        if (scales != null) {
            Bool endsScales = (stepwise && engine.groupScales() ? kLeft.eq(groupSteps) : blockEnds).and(lastBlock);
            Bool pops = issues.and(takesScale);
            scales.pop.set(list == null ? pops : pops.or(list.pop));
            scales.last.set(list == null ? endsScales : mux(listed, list.last, endsScales));
        }

        drain.clear.set(clear);
        drain.slot.valid.set(issues.and(captures));
        drain.slot.bits.beat.set(outputBeat);
        drain.slot.bits.wide.set(cmd.wide);
        drain.slot.bits.posts.set(cmd.postsStore.and(lastBlock));
        if (drain.slot.bits.toRows != null && toRows != null) {
            drain.slot.bits.toRows.set(toRows);
        }

        // --- start and end of an instruction ---------------------------------------------------------------------
        // Groups with and without scales have different latencies: let the results of the other kind leave first.
        Bool scaledBefore = groupLimit == null ? lit(false) : reg(bool()).init(false);
        Bool kindReady = groupLimit == null ? lit(true) : drain.idle.or(scaled.eq(scaledBefore));
        Bool loadReady = cmd.waitsLoad.not().or(loadTokenAvailable);
        Bool storeReady = cmd.waitsStore.not().or(storeTokenAvailable);
        Bool offered = command.valid.and(running.not());
        Bool vectorReady = cmd.waitsVector == null || vectorTokenAvailable == null
                ? null
                : cmd.waitsVector.not().or(vectorTokenAvailable);
        Bool tokensReady = vectorReady == null
                ? loadReady.and(storeReady)
                : loadReady.and(storeReady).and(vectorReady);
        Bool leaves = rows == null ? drain.idle : drain.idle.and(rows.idle);
        Bool syncs = offered.and(tokensReady).and(cmd.sync).and(leaves);
        Bool mayStart = offered.and(tokensReady).and(cmd.sync.not()).and(kindReady);
        Bool starts = rows == null ? mayStart : mayStart.and(rows.job.ready);
        Bool lastSlot = issues.and(blockEnds).and(lastBlock);
        if (list != null && scales != null) {
            list.clear.set(clear);
            list.starts.set(starts.and(listed));
            list.kSteps.set(cmd.kSteps);
            list.blocks.set(cmd.blocks);
            list.takes.set(issues.and(listed).and(passStarts));
            list.available.set(scales.available);
            list.word.set(scales.word);
        }
        loadTokenTake.set(starts.or(syncs).and(cmd.waitsLoad));
        storeTokenTake.set(starts.or(syncs).and(cmd.waitsStore));
        loadTokenPost.set(lastSlot.or(syncs).and(cmd.postsLoad));
        storeTokenPost.set(drain.posts.or(syncs.and(cmd.postsStore)));
        command.ready.set(lastSlot.or(syncs));
        if (rows != null
                && toRows != null
                && drain.sumsValid != null
                && sums != null
                && cmd.waitsVector != null
                && cmd.postsVector != null
                && vectorTokenTake != null
                && vectorTokenPost != null) {
            rows.clear.set(clear);
            rows.job.valid.set(starts.and(toRows).and(cmd.last));
            rows.job.bits.row.set(cmd.outputBeat.truncate(p.widths.row()));
            rows.job.bits.rows.set(blockRows(cmd.blocks, p));
            rows.job.bits.format.set(RowFormat.WORDS);
            rows.job.bits.posts.set(cmd.postsVector);
            rows.reserve.set(issues.and(captures).and(toRows));
            rows.reserveBeats.set(p.drain().beats(false));
            rows.beatValid.set(drain.sumsValid);
            rows.beat.set(drain.writeData);
            sums.set(rows.put);
            vectorTokenTake.set(starts.or(syncs).and(cmd.waitsVector));
            vectorTokenPost.set(rows.posts.or(syncs.and(cmd.postsVector)));
        }

        int drainBits = drainTime.width();
        UInt narrowBeats = lit(p.drain().beats(false), drainBits);
        UInt blockBeats =
                p.drain().canBeWide() ? mux(cmd.wide, lit(p.drain().beats(true), drainBits), narrowBeats) : narrowBeats;

        // --- next position --------------------------------------------------------------------------------------
        when(drainTime.ne(0), () -> drainTime.set(drainTime.wrapSub(1)));
        when(starts, () -> {
            running.set(true);
            blocksLeft.set(cmd.blocks);
            outputBeat.set(cat(cmd.outputHalf, resized(cmd.outputBeat, p.beatAddressBits() - 1))
                    .asUInt());
        });
        when(issues, () -> {
            UInt nextStep = mux(stepEnds, lit(0, stepBits), step.wrapAdd(1));
            if (stay) {
                plane.set(mux(plane.eq(0), cmd.topPlane, plane.wrapSub(1)));
                when(plane.eq(0), () -> block.set(mux(lastBlock, 0, block.wrapAdd(1))));
                when(plane.eq(0).and(lastBlock), () -> step.set(step.wrapAdd(1)));
            } else if (stepwise) {
                when(plane.eq(0), () -> step.set(nextStep));
                plane.set(mux(plane.eq(0), cmd.topPlane, plane.wrapSub(1)));
            } else {
                step.set(nextStep);
                when(stepEnds, () -> plane.set(plane.wrapSub(1)));
                when(groupEnds, () -> plane.set(cmd.topPlane));
            }
            when(captures, () -> {
                outputBeat.set(outputBeat.wrapAdd(blockBeats));
                drainTime.set(blockBeats.wrapSub(1));
            });
        });
        if (stay) {
            when(issues.and(plane.eq(0)), () -> blocksLeft.set(mux(lastBlock, cmd.blocks, blocksLeft.wrapSub(1))));
            when(loads, () -> {
                nextLine.set(nextLine.wrapAdd(1));
                age.set(1);
            });
            when(issues.or(pads).andNot(loads).and(age.ne(writing)), () -> age.set(age.wrapAdd(1)));
            when(starts, () -> {
                block.set(0);
                nextLine.set(0);
                age.set(0);
            });
        } else {
            when(issues.and(blockEnds), () -> blocksLeft.set(blocksLeft.wrapSub(1)));
        }
        when(starts, () -> {
            step.set(0);
            plane.set(cmd.topPlane);
        });
        if (cmd.packed != null) {
            when(issues, () -> fifth.set(mux(rides, lit(0, 3), fifth.wrapAdd(1))));
            when(starts, () -> fifth.set(0));
        }
        if (groupLimit != null) {
            UInt wholeGroup = mux(groupLimit.eq(0), cmd.kSteps, groupLimit.min(cmd.kSteps));
            UInt kAfter = kLeft.wrapSub(groupSteps);
            when(issues.or(pads).and(slots.ne(SCALE_SLOTS - 1)), () -> slots.set(slots.wrapAdd(1)));
            when(issues.and(groupEnds), () -> {
                slots.set(0);
                firstGroup.set(false);
                groupBase.set(groupBase.wrapAdd(groupSteps));
                kLeft.set(kAfter);
                groupSteps.set(groupSteps.min(kAfter));
            });
            when(starts.or(issues.and(blockEnds)), () -> {
                groupBase.set(0);
                kLeft.set(cmd.kSteps);
                groupSteps.set(wholeGroup);
                firstGroup.set(true);
            });
            when(starts, () -> {
                slots.set(0);
                scaledBefore.set(scaled);
            });
        }
        when(lastSlot, () -> running.set(false));
        when(clear, () -> {
            running.set(false);
            drainTime.set(0);
        });

        // --- the core, one cycle later: its operands come from synchronous memories -------------------------------
        var core = MatrixEngines.core(engine);
        LutControl slot = reg(new LutControl());
        slot.valid.init(false);
        slot.valid.set(issues);
        slot.planeFirst.set(stepwise || stay ? plane.eq(cmd.topPlane) : step.eq(0));
        slot.planeLast.set(plane.eq(0));
        slot.groupFirst.set(groupStarts);
        slot.groupLast.set(groupEnds);
        slot.blockFirst.set(firstGroup.and(cmd.first));
        slot.blockLast.set(captures);
        slot.zeroPoint.set(cmd.zeroPoint);
        int stages = stagesBefore(engine);
        if (core.stay != null) {
            Bool loaded = reg(bool()).init(false);
            Bool slotStepStarts = reg(bool());
            UInt slotBlock = reg(uint(block.width()));
            loaded.set(loads);
            slotStepStarts.set(stepStarts);
            slotBlock.set(block);
            core.stay.load.set(later(loaded, stages));
            core.stay.stepFirst.set(later(slotStepStarts, stages));
            core.stay.block.set(resized(later(slotBlock, stages), core.stay.block.width()));
        }
        Bits operands = withoutPadding(line, engine);
        Bool slotScaled = scales == null ? lit(false) : reg(bool());
        if (scales != null) {
            slotScaled.set(scaled);
        }
        if (cmd.packed == null) {
            int used = core.weights.width();
            Bits word = used == engine.wordBits() ? weights.word : weights.word.bits(used - 1, 0);
            core.weights.set(later(word, stages));
        } else {
            Bool slotPacked = reg(bool());
            Bool slotRides = reg(bool());
            slotPacked.set(packed);
            slotRides.set(rides);
            var words = new TritWords(TritWords.Params.of(engine));
            words.valid.set(slot.valid);
            words.packed.set(slotPacked);
            words.fifth.set(slotRides);
            words.stored.set(weights.word);
            core.weights.set(later(words.word, stages - 1));
        }
        // all else waits for the decoder and the aligners
        LutControl decoded = slot;
        for (int i = 0; i < stages; i++) {
            LutControl before = decoded;
            decoded = reg(new LutControl());
            decoded.valid.init(false);
            decoded.set(before);
        }
        core.control.set(decoded);
        core.activations.set(
                exponents == null
                        ? later(operands, stages)
                        : later(aligned(operands, exponents, loads, engine), stages - ActivationAligner.STAGES));
        if (core.scale != null && scales != null) {
            core.scale.valid.set(later(slotScaled, stages));
            core.scale.values.set(later(scales.word, stages));
        }
        if (core.kept != null && cmd.keptN != null && cmd.keptM != null && scales != null) {
            UInt keptN = reg(uint(3));
            UInt keptM = reg(uint(3));
            keptN.set(cmd.keptN);
            keptM.set(cmd.keptM);
            core.kept.logN.set(keptN);
            core.kept.logM.set(keptM);
            core.kept.indices.set(scales.word);
        }
        drain.resultsValid.set(core.resultValid);
        drain.results.set(core.result);
        writeEnable.set(drain.writeEnable);
        writeAddress.set(drain.writeAddress);
        writeData.set(drain.writeData);

        busy.set(issues.or(pads));
        waits.set(offered.and(starts.not()).and(syncs.not()));
        stalled.set(running.and(issues.not()).and(pads.not()).or(waits));
        idle.set(running.not().and(leaves));
    }

    /** Rows of the scratchpad of so many blocks. */
    private static UInt blockRows(UInt blocks, Params p) {
        return resized(blocks.shl(Log2.exact(p.engine.n() / p.vector.lanes())), p.vector.rowBits() + 1);
    }

    /** Stages of the pipeline in front of the core. */
    static int stagesBefore(Engine engine) {
        int decoder = engine.packedTernary() ? 1 : 0;
        int aligner = engine.activations() == ActivationType.FP16 ? ActivationAligner.STAGES : 0;
        return Math.max(decoder, aligner);
    }

    /** A line of integers, {@link ActivationAligner#STAGES} cycles later. The exponents of its half are read with the line. */
    private Bits aligned(Bits halves, Vec<UInt> exponents, Bool reads, Engine engine) {
        int rowBits = engine.step() * engine.activations().bits();
        List<Bits> rows = new ArrayList<>();
        for (int m = 0; m < engine.m(); m++) {
            UInt rowExponent = reg(uint(5));
            UInt read = mux(command.bits.activationHalf, exponents.get(engine.m() + m), exponents.get(m));
            when(reads, () -> rowExponent.set(read));
            rows.add(
                    0,
                    ActivationAligner.all(
                            halves.bits((m + 1) * rowBits - 1, m * rowBits),
                            rowExponent,
                            engine.activations().bits()));
        }
        return cat(rows);
    }

    private <T extends Data> T later(T value, int stages) {
        T at = value;
        for (int i = 0; i < stages; i++) {
            T stage = reg(like(value));
            stage.set(at);
            at = stage;
        }
        return at;
    }

    /** A line whose rows have the bytes of a step, from one whose rows have whole powers of two. */
    private static Bits withoutPadding(Bits line, Engine engine) {
        int rowBytes = engine.step() * engine.activations().bytes();
        if (rowBytes == engine.rowBytes()) {
            return line;
        }
        List<Bits> rows = new ArrayList<>();
        for (int m = engine.m() - 1; m >= 0; m--) {
            int first = m * engine.rowBytes() * 8;
            rows.add(line.bits(first + rowBytes * 8 - 1, first));
        }
        return cat(rows);
    }

    /** A number below {@code 2^bits} with that width. */
    private static UInt resized(UInt value, int bits) {
        return value.width() > bits ? value.truncate(bits) : value.extend(bits);
    }
}
