// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * The vector unit with its scratchpad: takes passes, works a row of lanes a cycle, in order. {@link VectorModel} is what it computes, {@link VectorCycles} when.
 * Others write rows of the scratchpad in cycles in which the unit writes none, or one of the other half of all rows, even or odd, and read rows in cycles in which the unit does not
 * read y.
 */
public final class VectorUnit extends Module {

    /** A row to write. */
    public static final class Row extends Bundle {
        public final UInt row;

        /** Which lanes. */
        public final Bits lanes;

        /** Lane 0 has the low bits. */
        public final Bits words;

        public Row(VectorShape s) {
            row = field(uint(s.rowBits()));
            lanes = field(bits(s.lanes()));
            words = field(bits(32 * s.lanes()));
        }
    }

    /** Integers for the matrix engine, a row a cycle, no backpressure. */
    public static final class Integers extends Bundle {
        public final Bool valid = field(bool());

        /** The first row of a pass. */
        public final Bool first = field(bool());

        /** The last one. */
        public final Bool last = field(bool());

        /** The pass's {@code out} plus the number of the row. */
        public final UInt row;

        /** A byte of each lane, 0 where it has no element. */
        public final Bits bytes;

        public Integers(VectorShape s) {
            row = field(uint(s.rowBits()));
            bytes = field(bits(8 * s.lanes()));
        }
    }

    public final Decoupled<VectorCommand> passes;

    public final Integers integers;

    /** {@code posts} of a pass, for one cycle, when what it wrote can be read; otherwise 0. */
    public final UInt retired = out(uint(VectorCommand.POSTS));

    /** A pass has a slot. */
    public final Bool working = out(bool());

    /** It is its last one. */
    public final Bool ends = out(bool());

    /** Rows from outside. */
    public final Decoupled<Row> put;

    /** Numbers of rows that are wanted outside. */
    public final Decoupled<UInt> ask;

    /** The row that was asked for in the cycle before. */
    public final Bits answer;

    /** Number of a scalar register, and the bits of it. */
    public final UInt scalar = in(uint(4));

    public final Bits scalarBits = out(bits(32));

    /** No pass is under way, and what they wrote can be read. */
    public final Bool idle = out(bool());

    public VectorUnit(VectorShape s) {
        super(s);
        doc(
                "Vector unit: %d lanes of binary32, a scratchpad of %d rows. A result can be read %d cycles after its row was."
                        .formatted(s.lanes(), s.rows(), VectorCycles.LATENCY));
        int lanes = s.lanes();
        passes = in(decoupled(new VectorCommand(s.rowBits())));
        put = in(decoupled(new Row(s)));
        ask = in(decoupled(uint(s.rowBits())));
        answer = out(bits(32 * lanes));
        integers = out(new Integers(s));

        var issue = new VectorIssue(s);
        issue.passes.set(passes);
        idle.set(issue.idle);
        working.set(issue.working);
        ends.set(issue.ends);
        var slot = issue.slot;

        var scalars = memory(bits(32), VectorShape.SCALARS);
        scalarBits.set(scalars.readAsync(scalar));
        issue.sourceBits.set(scalars.readAsync(issue.sourceScalar));
        issue.factorBits.set(scalars.readAsync(issue.factorScalar));
        issue.addendBits.set(scalars.readAsync(issue.addendScalar));
        issue.keptBits.set(scalars.readAsync(issue.keptScalar));

        ask.ready.set(slot.read.usesY.not());
        var yRow = mux(slot.read.usesY, slot.read.y, ask.bits);
        var prepare = late(slot.prepare, VectorTiming.READ);
        var multiply = late(slot.multiply, VectorTiming.MULTIPLY);
        var add = late(slot.add, VectorTiming.ADD);
        var addValid = late(slot.valid, VectorTiming.ADD);
        var function = late(slot.function, VectorTiming.APPLY);
        var reduce = late(slot.reduce, VectorTiming.VALUE);
        var finish = late(slot.finish, VectorTiming.VALUE);
        var valueValid = late(addValid, VectorTiming.VALUE - VectorTiming.ADD);
        var writeValid = late(valueValid, 1);
        var int8 = late(slot.write.int8, VectorTiming.WRITE);

        // What decides on writing is known from the reset on. No slot may read what is under way: passes say what they
        // wait for.
        var enable = slot.write.enable;
        var row = slot.write.row;
        var early = lit(false);
        for (int i = 0; i < VectorTiming.WRITE; i++) {
            var stage = reg(bool()).init(false);
            stage.set(enable);
            enable = stage;
            row = late(row, 1);
            var x = slot.read.usesX.and(row.eq(slot.read.x));
            var y = slot.read.usesY.and(row.eq(slot.read.y));
            early = early.or(enable.and(x.or(y)));
        }
        require(early.not(), "a row is read before it is written");

        var sends = slot.send.enable;
        var posts = slot.posts;
        for (int i = 0; i < VectorCycles.LATENCY; i++) {
            var stage = reg(uint(VectorCommand.POSTS)).init(0);
            stage.set(posts);
            posts = stage;
            if (i < VectorTiming.WRITE) {
                var sending = reg(bool()).init(false);
                sending.set(sends);
                sends = sending;
            }
        }
        retired.set(posts);
        integers.valid.set(sends);
        integers.first.set(late(slot.send.first, VectorTiming.WRITE));
        integers.last.set(late(slot.send.last, VectorTiming.WRITE));
        integers.row.set(row);

        var scalarWrite = slot.finish.scalar;
        var target = slot.finish.target;
        var wanted = List.of(issue.sourceScalar, issue.factorScalar, issue.addendScalar, issue.keptScalar);
        var earlyScalar = lit(false);
        for (int i = 0; i <= VectorTiming.VALUE; i++) {
            if (i > 0) {
                var stage = reg(enumOf(VectorSlot.Scalar.class)).init(VectorSlot.Scalar.NOTHING);
                stage.set(scalarWrite);
                scalarWrite = stage;
                target = late(target, 1);
            }
            var second = scalarWrite.eq(VectorSlot.Scalar.ARGUMENT);
            var written = mux(second, target.wrapAdd(1), target);
            var writing = scalarWrite.ne(VectorSlot.Scalar.NOTHING);
            for (int k = 0; k < wanted.size(); k++) {
                var reads = issue.reads.get(k).and(wanted.get(k).eq(written));
                earlyScalar = earlyScalar.or(writing.and(reads));
            }
        }
        require(earlyScalar.not(), "a scalar is read before it is written");

        put.ready.set(enable.not().or(row.bit(0).ne(put.bits.row.bit(0))));
        List<VectorSlot.BankWrite> banks = new ArrayList<>();
        for (int bank = 0; bank < VectorLane.BANKS; bank++) {
            var write = wire(new VectorSlot.BankWrite(s.rowBits()));
            write.result.set(enable.and(row.bit(0).eq(lit(bank == 1))));
            write.put.set(put.fire().and(put.bits.row.bit(0).eq(lit(bank == 1))));
            write.row.set(mux(write.result, row.shr(1), put.bits.row.shr(1)));
            banks.add(write);
        }

        List<VectorLane> all = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            var lane = new VectorLane(new VectorLane.Params(s.rows()), s);
            lane.number.set(i);
            lane.xRow.set(slot.read.x);
            lane.yRow.set(yRow);
            lane.prepare.set(prepare);
            lane.multiply.set(multiply);
            lane.add.set(add);
            lane.addValid.set(addValid.bit(i));
            lane.function.set(function);
            lane.reduce.set(reduce);
            lane.reduceValid.set(valueValid.bit(i));
            lane.writeInt8.set(int8);
            for (int bank = 0; bank < VectorLane.BANKS; bank++) {
                lane.writes.get(bank).set(banks.get(bank));
            }
            lane.writeValid.set(writeValid.bit(i));
            lane.putValid.set(put.bits.lanes.bit(i));
            lane.putWord.set(put.bits.words.bits(32 * i + 31, 32 * i));
            all.add(lane);
        }
        var words = new ArrayList<Bits>();
        var bytes = new ArrayList<Bits>();
        for (int i = 0; i < lanes; i++) {
            var lane = all.get(i);
            var x = lane.xWord;
            for (int k = 0; k < s.levels(); k++) {
                x = mux(prepare.swapLanes.eq(k + 1), all.get(i ^ 1 << k).xWord, x);
            }
            lane.x.set(mux(prepare.pairs, neighbour(all, 2 * i), x));
            var sum = lane.sum;
            var best = lane.best;
            for (int k = 0; k < s.levels(); k++) {
                int half = lanes >> k + 1;
                if (i >= half) continue;
                sum = mux(add.level.eq(k), all.get(i + half).sum, sum);
                best = mux(reduce.level.eq(k), all.get(i + half).best, best);
            }
            lane.upperSum.set(sum);
            lane.upperBest.set(best);
            words.add(0, lane.yWord);
            bytes.add(0, lane.integer);
        }
        answer.set(Hdl.cat(words));
        spread(slot.prepare, all);
        integers.bytes.set(Hdl.cat(bytes));

        var zero = all.get(0);
        var better = finish.keep.not().or(zero.best.key.gt(VectorLane.key(finish.kept)));
        var writes = wire(bool());
        var word = wire(bits(32));
        var number = wire(uint(4));
        writes.set(false);
        word.set(zero.value);
        number.set(finish.target);
        switchOn(scalarWrite)
                .is(VectorSlot.Scalar.VALUE, () -> writes.set(true))
                .is(VectorSlot.Scalar.GREATEST, () -> {
                    writes.set(better);
                    word.set(VectorLane.valueOf(zero.best.key));
                })
                .is(VectorSlot.Scalar.ARGUMENT, () -> {
                    writes.set(better);
                    word.set(finish.first.wrapAdd(zero.best.element).asBits());
                    number.set(finish.target.wrapAdd(1));
                });
        when(writes, () -> scalars.write(number, word));
    }

    /** The word of a lane of two rows, that of x and then that of y. */
    private static Bits neighbour(List<VectorLane> all, int lane) {
        int lanes = all.size();
        return lane < lanes ? all.get(lane).xWord : all.get(lane - lanes).yWord;
    }

    /** Words of y, each of which goes to a power of two of lanes: in each step half the lanes' words go to two lanes each. A register is between two steps and the next two. */
    private void spread(VectorSlot.Prepare prepare, List<VectorLane> all) {
        int lanes = all.size();
        int levels = Integer.numberOfTrailingZeros(lanes);
        var control = late(prepare, VectorTiming.READ);
        List<Bits> words = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            words.add(mux(control.pairs, neighbour(all, 2 * i + 1), all.get(i).yWord));
        }
        for (int stage = 0; stage < 1 + VectorTiming.CONVERTING; stage++) {
            control = late(control, 1);
            words.replaceAll(word -> late(word, 1));
            for (int k = 2 * stage; k < Math.min(levels, 2 * stage + 2); k++) {
                List<Bits> before = List.copyOf(words);
                for (int i = 0; i < lanes; i++) {
                    var half = mux(control.upper.bit(k), before.get((lanes + i) / 2), before.get(i / 2));
                    words.set(i, mux(control.spread.bit(k), half, before.get(i)));
                }
            }
        }
        for (int i = 0; i < lanes; i++) {
            all.get(i).y.set(words.get(i));
        }
    }

    /** A value some cycles later. */
    private <T extends Data> T late(T value, int cycles) {
        var at = value;
        for (int i = 0; i < cycles; i++) {
            var stage = reg(Hdl.like(value));
            stage.set(at);
            at = stage;
        }
        return at;
    }
}
