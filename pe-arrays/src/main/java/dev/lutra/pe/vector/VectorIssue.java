// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorRow;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes slots of passes: one for every row, then those in which sums of rows and lanes are added up, or the greatest value of the lanes is found.
 *
 * <p>A sum has four parts per lane, one for each stage of the adder, so rows are filled up to a multiple of four by rows without elements. Let t count the slots
 * after the last row: the adder then gives part 0 in slot 0, so parts 0 and 1 are added to parts 2 and 3 in slots 2 and 3, those sums to each other in slot 7, lanes to
 * lanes in slots 11, 15 and so on, and what the register held in the last one.
 *
 * <p>Sums of parts are made in turns of as many rows as the adder has stages, all parts of a row before the next turn: what the adder gives is what the same row of the
 * next part is added to.
 */
final class VectorIssue extends Module {
    private static final int PARTS = VectorTiming.ADDING;

    private static final int PART_BITS = 14;

    /** Of three rows of runs of up to 128. */
    private static final int RUN_BITS = 9;

    /** Slot after the rows in which the first lanes are added. */
    private static final int LANES_AT = 11;

    final Decoupled<VectorCommand> passes;

    /** Numbers of the registers that the offered pass reads, and what they hold. */
    final UInt sourceScalar = out(uint(4));

    final UInt factorScalar = out(uint(4));
    final UInt addendScalar = out(uint(4));
    final UInt keptScalar = out(uint(4));
    final Bits sourceBits = in(bits(32));
    final Bits factorBits = in(bits(32));
    final Bits addendBits = in(bits(32));
    final Bits keptBits = in(bits(32));

    final VectorSlot slot;

    /** A pass is taken that reads {@link #sourceScalar}, {@link #factorScalar}, {@link #addendScalar}, {@link #keptScalar}. */
    final Vec<Bool> reads = out(vec(4, i -> bool()));

    /** A slot is issued. */
    final Bool working = out(bool());

    /** The last one of its pass. */
    final Bool ends = out(bool());

    /** Nothing is under way. */
    final Bool idle = out(bool());

    VectorIssue(VectorShape s) {
        super(s);
        doc("Issues the slots of passes to %d lanes.".formatted(s.lanes()));
        int rowBits = s.rowBits();
        int levels = s.levels();
        passes = in(decoupled(new VectorCommand(rowBits)));
        slot = out(new VectorSlot(s));

        var offered = passes.bits;
        sourceScalar.set(offered.x.truncate(4));
        factorScalar.set(offered.factorScalar);
        addendScalar.set(offered.addendScalar);
        keptScalar.set(offered.target);

        var pass = reg(new VectorCommand(rowBits));
        var constant = reg(bits(32));
        var factor = reg(bits(32));
        var addend = reg(bits(32));
        var kept = reg(bits(32));
        var lastRow = reg(uint(16));
        var lastTail = reg(uint(6));
        var hasTail = reg(bool());
        var running = reg(bool()).init(false);
        var inTail = reg(bool());
        var row = reg(uint(16));
        var tail = reg(uint(6));
        var swapAt = reg(uint(rowBits));
        var swapUp = reg(bool());
        var yAt = reg(uint(rowBits));
        // Parts: which one, the first row of the turn in v and in what is read, rows from one part to the next one, and
        // from the last one to the next turn of runs.
        var part = reg(uint(PART_BITS));
        var turn = reg(uint(16));
        var turnAt = reg(uint(16));
        var lastPart = reg(uint(PART_BITS));
        var partRows = reg(uint(16));
        var turnRows = reg(uint(RUN_BITS));
        var inBlock = reg(uint(16));
        var first = reg(uint(32));
        var next = reg(uint(32)).init(0);
        // Cycles since the last slot and since the first one of the last pass, no further than anybody asks.
        var quiet = reg(uint(5)).init(VectorCycles.LATENCY);
        var age = reg(uint(5)).init(VectorCycles.LATENCY);

        var rowsEnd = inTail.not().and(row.eq(lastRow));
        var last = mux(hasTail, inTail.and(tail.eq(lastTail)), rowsEnd);
        var free = running.not().or(last);
        var all = running.not().and(quiet.ge(VectorCycles.LATENCY - 1));
        var rows = age.ge(VectorCycles.LATENCY - 1);
        var may = mux(
                offered.after.eq(VectorPass.After.ALL),
                all,
                offered.after.eq(VectorPass.After.NOTHING).or(rows));
        passes.ready.set(free.and(may));
        var takes = passes.fire();
        reads.get(0).set(takes.and(offered.source.eq(VectorPass.Source.SCALAR)));
        reads.get(1).set(takes.and(offered.factor.eq(VectorPass.Factor.SCALAR)));
        reads.get(2).set(takes.and(offered.addend.eq(VectorPass.Addend.SCALAR)));
        reads.get(3).set(takes.and(offered.keep));
        idle.set(running.not().and(quiet.ge(VectorCycles.LATENCY)));

        quiet.set(mux(running, lit(1, 5), quiet.add(1).min(VectorCycles.LATENCY).truncate(5)));
        age.set(mux(takes, lit(0, 5), age.add(1).min(VectorCycles.LATENCY).truncate(5)));

        when(running, () -> {
            when(inTail, () -> tail.set(tail.wrapAdd(1))).elseWhen(rowsEnd, () -> inTail.set(true));
            row.set(row.wrapAdd(1));
            var swaps = swapAt.eq(pass.swapRows.wrapSub(1));
            swapAt.set(mux(swaps, lit(0, rowBits), swapAt.wrapAdd(1)));
            swapUp.set(swapUp.xor(swaps));
            var turnEnds = row.bits(1, 0).eq(VectorRow.TURN - 1);
            var partsEnd = part.eq(lastPart);
            var inRuns = pass.reduction.eq(VectorPass.Reduction.RUNS);
            // Runs: y moves on as x does.
            var yStep = mux(inRuns.and(partsEnd), sized(turnRows.extend(16), rowBits), lit(1, rowBits));
            var yNext = yAt.wrapAdd(yStep);
            var again = pass.period.orR().and(yNext.eq(pass.period));
            when(inRuns.not().or(turnEnds), () -> yAt.set(mux(again, lit(0, rowBits), yNext)));
            when(turnEnds, () -> {
                part.set(part.wrapAdd(1));
                turnAt.set(turnAt.wrapAdd(partRows));
                when(partsEnd, () -> {
                    part.set(0);
                    turn.set(turn.wrapAdd(VectorRow.TURN));
                    turnAt.set(mux(inRuns, turnAt.wrapAdd(turnRows.extend(16)), turn.wrapAdd(VectorRow.TURN)));
                });
            });
            when(last, () -> running.set(false));
        });

        var offeredSum = offered.reduction.eq(VectorPass.Reduction.SUM);
        var offeredGreatest = offered.reduction
                .eq(VectorPass.Reduction.MAXIMUM)
                .or(offered.reduction.eq(VectorPass.Reduction.ARGUMENT));
        when(takes, () -> {
            pass.set(offered);
            constant.set(mux(offered.source.eq(VectorPass.Source.SCALAR), sourceBits, offered.constant));
            factor.set(factorBits);
            addend.set(addendBits);
            kept.set(keptBits);
            var lastOf = offered.length.wrapSub(1).shr(levels).extend(16);
            // Whole turns, of all parts.
            var runs = offered.reduction.eq(VectorPass.Reduction.RUNS);
            var parts = offered.reduction.eq(VectorPass.Reduction.PARTS).or(runs);
            var allParts = lit(0xFFFF, 16).shlWrap(offered.target).not();
            var inParts = lastOf.or(VectorRow.TURN - 1).shlWrap(offered.target).or(allParts);
            lastRow.set(mux(parts, inParts, mux(offeredSum, lastOf.or(PARTS - 1), lastOf)));
            lastPart.set(mux(parts, allParts.truncate(PART_BITS), lit(0, PART_BITS)));
            partRows.set(mux(runs, lit(1, 16), lastOf.wrapAdd(1)));
            turnRows.set(
                    lit(VectorRow.TURN - 1, RUN_BITS).shlWrap(offered.target).wrapAdd(1));
            part.set(0);
            turn.set(0);
            turnAt.set(0);
            inBlock.set(lit(0xFFFF, 16).shlWrap(offered.block).not());
            lastTail.set(mux(
                    offeredSum,
                    lit(LANES_AT + 4 * levels, 6),
                    mux(offered.reduction.eq(VectorPass.Reduction.ARGUMENT), lit(levels + 1, 6), lit(levels, 6))));
            hasTail.set(offeredSum.or(offeredGreatest));
            running.set(true);
            inTail.set(false);
            row.set(0);
            tail.set(0);
            swapAt.set(0);
            swapUp.set(false);
            yAt.set(0);
            when(offered.reduction.eq(VectorPass.Reduction.ARGUMENT), () -> {
                var from = mux(offered.keep, next, lit(0, 32));
                first.set(from);
                next.set(from.wrapAdd(offered.length));
            });
        });

        // The slot of this cycle.
        var same = pass.source.eq(VectorPass.Source.SCALAR).or(pass.source.eq(VectorPass.Source.CONSTANT));
        var sums = pass.reduction.eq(VectorPass.Reduction.SUM);
        var finds = hasTail.andNot(sums);
        var inRows = running.andNot(inTail);
        var after = running.and(inTail);
        var swapsRows = pass.swapRows.orR();
        var distance = mux(swapsRows, mux(swapUp, pass.swapRows.not().wrapAdd(1), pass.swapRows), lit(0, rowBits));
        var runs = pass.reduction.eq(VectorPass.Reduction.RUNS);
        var parts = pass.reduction.eq(VectorPass.Reduction.PARTS).or(runs);
        var pairs = pass.reduction.eq(VectorPass.Reduction.PAIRS);
        var firstPart = part.orR().not();
        var inTurn = row.bits(1, 0).asUInt();
        // Rows of what is read, and of v.
        var ofRun = inTurn.extend(16).shlWrap(pass.target);
        var index = mux(parts, turnAt.wrapAdd(mux(runs, ofRun, inTurn.extend(16))), row);
        var at = mux(parts, turn.wrapAdd(inTurn), row);
        var repeated = index.shr(pass.repeat).and(inBlock.not()).or(index.and(inBlock));
        var xRow = pass.x.wrapAdd(sized(mux(pairs, index.shlWrap(lit(1)), repeated), rowBits));
        // The word of y is at so many elements by the number of elements for which it stays.
        var spread = Hdl.cat(index.asBits(), lit(0, Math.max(1, levels)).asBits())
                .asUInt()
                .shr(pass.spread);
        var yIndex = spread.shr(Math.max(1, levels)).truncate(16);
        var spreads = pass.spread.orR();
        slot.read.x.set(xRow.wrapAdd(distance));
        slot.read.y.set(mux(
                pairs,
                xRow.wrapAdd(1),
                pass.y.wrapAdd(mux(
                        runs,
                        yAt.wrapAdd(sized(ofRun, rowBits)),
                        mux(spreads.or(parts), sized(yIndex, rowBits), yAt)))));
        var valid = valid(s, at, pass.length);
        var reading = inRows.and(valid.orR());
        slot.valid.set(valid);
        slot.read.usesX.set(reading.andNot(same));
        var compares = pass.addend.eq(VectorPass.Addend.MINIMUM);
        var addsY = pass.addend.eq(VectorPass.Addend.VECTOR).or(compares).and(firstPart);
        // Few elements have all their neighbours in the first of two rows.
        slot.read.usesY.set(reading.and(pairs.not().or(valid.bit(s.lanes() / 2)))
                .and(pass.factor.eq(VectorPass.Factor.VECTOR).or(addsY)));

        slot.prepare.swapLanes.set(pass.swapLanes);
        slot.prepare.pairs.set(pairs);
        List<Bool> steps = new ArrayList<>();
        List<Bool> uppers = new ArrayList<>();
        for (int k = 0; k < Math.max(1, levels); k++) {
            steps.add(0, pass.spread.gt(k));
            uppers.add(0, spread.bit(Math.max(1, levels) - 1 - k));
        }
        slot.prepare.spread.set(Hdl.cat(steps));
        slot.prepare.upper.set(Hdl.cat(uppers));
        slot.prepare.same.set(same);
        slot.prepare.scalar.set(constant);
        slot.prepare.sign.set(pass.sign);
        slot.multiply.integers.set(pass.source.eq(VectorPass.Source.INTEGERS));
        slot.multiply.factor.set(pass.factor);
        slot.multiply.scalar.set(factor);

        var totals = after.and(sums).and(tail.eq(lastTail));
        slot.add.sums.set(sums);
        slot.add.folds.set(after.and(sums));
        slot.add.level.set(tail.sub(LANES_AT).shr(2).asUInt().truncate(3));
        slot.add.scalar.set(mux(sums, mux(pass.keep, kept, lit(0x80000000L, 32).asBits()), addend));
        slot.add.minimum.set(compares);
        slot.add.operand.set(VectorSlot.Operand.NOTHING);
        when(parts.andNot(firstPart), () -> slot.add.operand.set(VectorSlot.Operand.LAST))
                .elseWhen(
                        sums.not(),
                        () -> switchOn(pass.addend)
                                .is(VectorPass.Addend.VECTOR, () -> slot.add.operand.set(VectorSlot.Operand.VECTOR))
                                .is(VectorPass.Addend.MINIMUM, () -> slot.add.operand.set(VectorSlot.Operand.VECTOR))
                                .is(VectorPass.Addend.SCALAR, () -> slot.add.operand.set(VectorSlot.Operand.SCALAR)))
                .elseWhen(inRows, () -> when(row.ge(PARTS), () -> slot.add.operand.set(VectorSlot.Operand.LAST)))
                .elseWhen(totals, () -> slot.add.operand.set(VectorSlot.Operand.SCALAR))
                .elseWhen(tail.lt(4), () -> slot.add.operand.set(VectorSlot.Operand.TWO_BEFORE))
                .elseWhen(tail.lt(8), () -> slot.add.operand.set(VectorSlot.Operand.ONE_BEFORE))
                .otherwise(() -> slot.add.operand.set(VectorSlot.Operand.UPPER));

        slot.function.set(pass.function);

        slot.reduce.row.set(row.shlWrap(lit(levels)));
        slot.reduce.level.set(tail.truncate(3));
        slot.reduce.step.set(VectorSlot.Step.NOTHING);
        when(
                finds.and(running),
                () -> when(inTail, () -> slot.reduce.step.set(VectorSlot.Step.HALVE))
                        .elseWhen(row.orR(), () -> slot.reduce.step.set(VectorSlot.Step.NEXT))
                        .otherwise(() -> slot.reduce.step.set(VectorSlot.Step.BEGIN)));

        slot.finish.target.set(pass.target);
        slot.finish.keep.set(pass.keep);
        slot.finish.kept.set(kept);
        slot.finish.first.set(first);
        slot.finish.scalar.set(VectorSlot.Scalar.NOTHING);
        var begins = inRows.and(row.orR().not()).and(pass.reduction.eq(VectorPass.Reduction.FIRST));
        when(totals.or(begins), () -> slot.finish.scalar.set(VectorSlot.Scalar.VALUE))
                .elseWhen(
                        after.and(finds).and(tail.eq(levels)), () -> slot.finish.scalar.set(VectorSlot.Scalar.GREATEST))
                .elseWhen(
                        after.and(finds).and(tail.eq(levels + 1)),
                        () -> slot.finish.scalar.set(VectorSlot.Scalar.ARGUMENT));

        slot.posts.set(mux(running.and(last), pass.posts, lit(0, VectorCommand.POSTS)));
        working.set(running);
        ends.set(running.and(last));
        var sends = pass.result.eq(VectorPass.Result.ACTIVATIONS);
        slot.send.enable.set(inRows.and(sends));
        slot.send.first.set(row.orR().not());
        slot.send.last.set(rowsEnd);
        slot.write.enable.set(reading.and(part.eq(lastPart))
                .and(pass.result.ne(VectorPass.Result.NONE))
                .andNot(sends));
        slot.write.int8.set(pass.result.eq(VectorPass.Result.INT8));
        slot.write.row.set(pass.out.wrapAdd(sized(at, rowBits)));

        require(takes.and(offered.length.eq(0)).not(), "a vector of no elements");
    }

    private static UInt sized(UInt row, int rowBits) {
        return row.extend(Math.max(16, rowBits)).truncate(rowBits);
    }

    /** Which lanes of a row have elements. */
    private static Bits valid(VectorShape s, UInt row, UInt length) {
        List<Bool> lanes = new ArrayList<>();
        var whole = length.shr(s.levels());
        var before = row.lt(whole);
        var at = row.eq(whole);
        for (int lane = s.lanes() - 1; lane >= 0; lane--) {
            var some = s.levels() == 0
                    ? Hdl.lit(false)
                    : length.bits(s.levels() - 1, 0).gt(lane).and(at);
            lanes.add(before.or(some));
        }
        return Hdl.cat(lanes);
    }
}
