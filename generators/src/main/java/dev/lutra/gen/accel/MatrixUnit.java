// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Engine;
import dev.lutra.pe.LutControl;
import dev.lutra.pe.LutCore;
import org.jspecify.annotations.Nullable;

/**
 * MX: runs the LUT tensor core over the blocks, groups, planes and steps of an instruction.
 *
 * <p>One slot of the core is issued a cycle: it reads an activation line and takes a weight word. A slot waits for its
 * weight word, the last slot of a scaled group for its scales, and the last slot of a block until the results before it
 * have drained. A scaled group has at least 8 slots, since its scale is applied bit by bit beside the next group; where
 * planes times steps are fewer, empty slots come before its last one. So the slots of an instruction are
 * {@code blocks * sum over groups of max(planes * steps, scaled ? 8 : 0)} whatever the memory does.
 */
final class MatrixUnit extends Module {

    /**
     * @param engine the matrix engine
     * @param beatBits width of a bus beat
     * @param activationHalf bytes of a half of the activation buffer
     * @param outputHalf bytes of a half of the output buffer
     */
    record Params(Engine engine, int beatBits, int activationHalf, int outputHalf) {

        int lineBits() {
            return engine.m() * engine.step() * 8;
        }

        int lineAddressBits() {
            return Log2.exact(2 * activationHalf * 8 / lineBits());
        }

        int beatAddressBits() {
            return Log2.exact(2 * outputHalf * 8 / beatBits);
        }

        LutCore.Params core() {
            return new LutCore.Params(
                    engine.m(),
                    engine.n(),
                    engine.g(),
                    engine.t(),
                    engine.groupScales(),
                    engine.innerBits(),
                    engine.outerBits());
        }

        ResultDrain.Params drain() {
            return new ResultDrain.Params(engine.m() * engine.n(), engine.outerBits(), beatBits, beatAddressBits());
        }
    }

    /** Cycles in which an 8-bit scale is applied. */
    static final int SCALE_SLOTS = 8;

    private static final int STEP_BITS = 12;

    final Bool clear = in(bool());
    final Decoupled<MatrixCommand> command = in(decoupled(new MatrixCommand()));
    final Bool loadTokenAvailable = in(bool());
    final Bool loadTokenTake = out(bool());
    final Bool loadTokenPost = out(bool());
    final Bool storeTokenAvailable = in(bool());
    final Bool storeTokenTake = out(bool());
    final Bool storeTokenPost = out(bool());
    final Bool lineRead = out(bool());
    final UInt lineAddress;
    final Bits line;
    final WordStream weights;

    /** Lines of group scales; null where the machine has none. */
    final @Nullable WordStream scales;

    final Bool writeEnable = out(bool());
    final UInt writeAddress;
    final Bits writeData;
    final Bool busy = out(bool());
    final Bool stalled = out(bool());
    final Bool idle = out(bool());

    MatrixUnit(Params p) {
        super(p);
        doc("MX unit: issues the slots of the LUT tensor core, block by block, group by group, plane by plane.");
        doc("A slot waits for its weight word, its scales, and for the results before it to drain.");
        Engine engine = p.engine;
        lineAddress = out(uint(p.lineAddressBits()));
        line = in(bits(p.lineBits()));
        weights = out(new WordStream(engine.wordBits()));
        scales = engine.groupScales() ? out(new WordStream(engine.n() * 8)) : null;
        writeAddress = out(uint(p.beatAddressBits()));
        writeData = out(bits(p.beatBits));

        var drain = new ResultDrain(p.drain());
        MatrixCommand cmd = command.bits;
        Bool scaled = engine.groupScales() ? cmd.groupSteps.ne(0) : lit(false);

        // --- position of the next slot --------------------------------------------------------------------------
        Bool running = reg(bool()).init(false);
        UInt blocksLeft = reg(uint(STEP_BITS));
        UInt groupBase = reg(uint(STEP_BITS)); // line of the group's first step
        UInt groupSteps = reg(uint(STEP_BITS)); // steps of this group
        UInt kLeft = reg(uint(STEP_BITS)); // steps of this block, this group included
        UInt step = reg(uint(STEP_BITS));
        UInt plane = reg(uint(3));
        UInt slots = reg(uint(3)); // slots of this group so far, at most 7
        Bool firstGroup = reg(bool());
        UInt outputBeat = reg(uint(p.beatAddressBits()));
        UInt drainTime = reg(uint(Log2.bitsFor(p.drain().beats(true)))).init(0);

        Bool stepEnds = step.wrapAdd(1).eq(groupSteps);
        Bool groupEnds = stepEnds.and(plane.eq(0));
        Bool blockEnds = groupEnds.and(kLeft.eq(groupSteps));
        Bool lastBlock = blocksLeft.eq(1);
        Bool captures = blockEnds.and(cmd.last);

        // --- issue ----------------------------------------------------------------------------------------------
        Bool scaleReady =
                scales == null ? lit(true) : groupEnds.not().or(scaled.not()).or(scales.available);
        Bool drainReady = captures.not().or(drainTime.eq(0).and(drain.slot.ready));
        Bool tooEarly = groupEnds.and(scaled).and(slots.ne(SCALE_SLOTS - 1));
        Bool pads = running.and(tooEarly);
        Bool issues = running.and(tooEarly.not())
                .and(weights.available)
                .and(scaleReady)
                .and(drainReady);
        lineRead.set(issues);
        lineAddress.set(cat(cmd.activationHalf, groupBase.wrapAdd(step).truncate(p.lineAddressBits() - 1))
                .asUInt());
        weights.pop.set(issues);
        weights.last.set(false); // a beat never holds more than one word of weights
        if (scales != null) {
            scales.pop.set(issues.and(groupEnds).and(scaled));
            scales.last.set(blockEnds.and(lastBlock));
        }

        drain.clear.set(clear);
        drain.slot.valid.set(issues.and(captures));
        drain.slot.bits.beat.set(outputBeat);
        drain.slot.bits.wide.set(cmd.wide);
        drain.slot.bits.posts.set(cmd.postsStore.and(lastBlock));

        // --- start and end of an instruction ---------------------------------------------------------------------
        // Groups with and without scales have different latencies: let the results of the other kind leave first.
        Bool scaledBefore = reg(bool()).init(false);
        Bool kindReady = drain.idle.or(scaled.eq(scaledBefore));
        Bool loadReady = cmd.waitsLoad.not().or(loadTokenAvailable);
        Bool storeReady = cmd.waitsStore.not().or(storeTokenAvailable);
        Bool offered = command.valid.and(running.not());
        Bool tokensReady = loadReady.and(storeReady);
        Bool syncs = offered.and(tokensReady).and(cmd.sync).and(drain.idle);
        Bool starts = offered.and(tokensReady).and(cmd.sync.not()).and(kindReady);
        Bool lastSlot = issues.and(blockEnds).and(lastBlock);
        loadTokenTake.set(starts.or(syncs).and(cmd.waitsLoad));
        storeTokenTake.set(starts.or(syncs).and(cmd.waitsStore));
        loadTokenPost.set(lastSlot.or(syncs).and(cmd.postsLoad));
        storeTokenPost.set(drain.posts.or(syncs.and(cmd.postsStore)));
        command.ready.set(lastSlot.or(syncs));

        // --- next position --------------------------------------------------------------------------------------
        UInt wholeGroup = mux(cmd.groupSteps.eq(0), cmd.kSteps, cmd.groupSteps.min(cmd.kSteps));
        UInt kAfter = kLeft.wrapSub(groupSteps);
        when(drainTime.ne(0), () -> drainTime.set(drainTime.wrapSub(1)));
        when(starts, () -> {
            running.set(true);
            scaledBefore.set(scaled);
            blocksLeft.set(cmd.blocks);
            outputBeat.set(cat(cmd.outputHalf, cmd.outputBeat.truncate(p.beatAddressBits() - 1))
                    .asUInt());
        });
        when(issues.or(pads).and(slots.ne(SCALE_SLOTS - 1)), () -> slots.set(slots.wrapAdd(1)));
        when(issues, () -> {
            step.set(mux(stepEnds, lit(0, STEP_BITS), step.wrapAdd(1)));
            when(stepEnds, () -> plane.set(plane.wrapSub(1)));
            when(groupEnds, () -> {
                plane.set(cmd.topPlane);
                slots.set(0);
                firstGroup.set(false);
                groupBase.set(groupBase.wrapAdd(groupSteps));
                kLeft.set(kAfter);
                groupSteps.set(groupSteps.min(kAfter));
            });
            when(captures, () -> {
                outputBeat.set(outputBeat.wrapAdd(
                        mux(cmd.wide, lit(p.drain().beats(true)), lit(p.drain().beats(false)))));
                drainTime.set(mux(
                                cmd.wide,
                                lit(p.drain().beats(true) - 1),
                                lit(p.drain().beats(false) - 1))
                        .extend(drainTime.width()));
            });
        });
        when(issues.and(blockEnds), () -> blocksLeft.set(blocksLeft.wrapSub(1)));
        when(starts.or(issues.and(blockEnds)), () -> {
            groupBase.set(0);
            kLeft.set(cmd.kSteps);
            groupSteps.set(wholeGroup);
            firstGroup.set(true);
        });
        when(starts, () -> {
            step.set(0);
            slots.set(0);
            plane.set(cmd.topPlane);
        });
        when(lastSlot, () -> running.set(false));
        when(clear, () -> {
            running.set(false);
            drainTime.set(0);
        });

        // --- the core, one cycle later: its operands come from synchronous memories -------------------------------
        var core = new LutCore(p.core());
        LutControl slot = reg(new LutControl());
        slot.valid.init(false);
        slot.valid.set(issues);
        slot.planeFirst.set(step.eq(0));
        slot.planeLast.set(plane.eq(0));
        slot.groupFirst.set(step.eq(0).and(plane.eq(cmd.topPlane)));
        slot.groupLast.set(groupEnds);
        slot.blockFirst.set(firstGroup.and(cmd.first));
        slot.blockLast.set(captures);
        slot.zeroPoint.set(cmd.zeroPoint);
        core.control.set(slot);
        core.activations.set(line);
        core.weights.set(weights.word);
        if (core.scale != null && scales != null) {
            Bool slotScaled = reg(bool());
            slotScaled.set(scaled);
            core.scale.valid.set(slotScaled);
            core.scale.values.set(scales.word);
        }
        drain.resultsValid.set(core.resultValid);
        drain.results.set(core.result);
        writeEnable.set(drain.writeEnable);
        writeAddress.set(drain.writeAddress);
        writeData.set(drain.writeData);

        busy.set(issues.or(pads));
        stalled.set(running.and(issues.not())
                .and(pads.not())
                .or(offered.and(starts.not()).and(syncs.not())));
        idle.set(running.not().and(drain.idle));
    }
}
