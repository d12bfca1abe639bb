// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.fp.FloatAdder;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.FloatFunction;
import dev.lutra.hdl.lib.fp.FloatFunctionUnit;
import dev.lutra.hdl.lib.fp.FloatMultiplier;
import dev.lutra.hdl.lib.fp.FloatToInteger;
import dev.lutra.hdl.lib.fp.IntegerToFloat;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * A lane: its column of the scratchpad, which lies in two copies since two rows are read in a cycle, and each in two banks, of the even rows and the odd ones, since a result and
 * a word from outside are written in a cycle; and the path of an element through multiplier, adder and
 * function. Ports are used in the cycle of {@link VectorTiming} that their names say.
 */
final class VectorLane extends Module {
    private static final FloatFormat FORMAT = FloatFormat.BINARY32;
    private static final long ONE = 0x3F800000L;
    private static final long NOTHING = 0x80000000L;

    /** Banks of the scratchpad: the low bit of a row says in which it lies. */
    static final int BANKS = 2;

    record Params(int rows) {}

    /** Number of the lane. */
    final UInt number = in(uint(5));

    final UInt xRow;
    final UInt yRow;
    final Bits xWord = out(bits(32));
    final Bits yWord = out(bits(32));

    /** xWord of the lane that this one changes places with. */
    final Bits x = in(bits(32));

    /** The word that is y, when the multiplier takes it. */
    final Bits y = in(bits(32));

    final VectorSlot.Prepare prepare;
    final VectorSlot.Multiply multiply = in(new VectorSlot.Multiply());
    final VectorSlot.Add add = in(new VectorSlot.Add());
    final Bool addValid = in(bool());

    /** Sum of the upper lane. */
    final Bits upperSum = in(bits(32));

    final Bits sum = out(bits(32));
    final EnumSignal<VectorPass.Function> function = in(enumOf(VectorPass.Function.class));
    final Bits value = out(bits(32));
    final VectorSlot.Reduce reduce = in(new VectorSlot.Reduce());
    final Bool reduceValid = in(bool());
    final Candidate upperBest = in(new Candidate());
    final Candidate best = out(new Candidate());

    /** The result goes to memory as the integer. */
    final Bool writeInt8 = in(bool());

    /** Of the even rows, and of the odd ones. */
    final Vec<VectorSlot.BankWrite> writes;

    final Bool writeValid = in(bool());

    /** The integer nearest to the value, 0 without an element. */
    final Bits integer = out(bits(8));

    /** Whether the word from outside has this lane. */
    final Bool putValid = in(bool());

    final Bits putWord = in(bits(32));

    /** A value and its element, keys in the order of values: a NaN above all, -0 below +0, 0 for none. */
    static final class Candidate extends Bundle {
        final UInt key = field(uint(32));
        final UInt element = field(uint(16));

        /** Whether this one is greater, or as great and earlier. */
        Bool beats(Candidate other) {
            return key.gt(other.key).or(key.eq(other.key).and(element.lt(other.element)));
        }
    }

    VectorLane(Params p, VectorShape shape) {
        super(p);
        doc("A lane of the vector unit: x * factor + addend, and a function of it, of one binary32 number a cycle.");
        int rowBits = shape.rowBits();
        xRow = in(uint(rowBits));
        yRow = in(uint(rowBits));
        writes = in(vec(BANKS, i -> new VectorSlot.BankWrite(rowBits)));
        prepare = in(new VectorSlot.Prepare(shape.levels()));

        List<Memory<Bits>> xBanks = new ArrayList<>();
        List<Memory<Bits>> yBanks = new ArrayList<>();
        for (int bank = 0; bank < BANKS; bank++) {
            xBanks.add(memory(bits(32), p.rows() / BANKS));
            yBanks.add(memory(bits(32), p.rows() / BANKS));
        }
        xWord.set(read(xBanks, xRow));
        yWord.set(read(yBanks, yRow));

        // The sign, while integers go on as they are.
        var raw = mux(prepare.same, prepare.scalar, x);
        var negative = raw.bit(31);
        var cleared = prepare.sign.eq(VectorPass.Sign.POSITIVE).and(negative);
        var changed = mux(
                prepare.sign.eq(VectorPass.Sign.SAME),
                negative,
                prepare.sign.eq(VectorPass.Sign.NEGATED).andNot(negative));
        var signed = cat(changed, raw.bits(30, 0)).and(Hdl.fill(32, cleared.not()));
        var converter = new IntegerToFloat(new IntegerToFloat.Params(32, FORMAT, VectorTiming.CONVERTING));
        converter.a.set(late(x, 1).asSInt());
        converter.scale.set(0);
        var number32 = mux(multiply.integers, converter.result, late(signed, 1 + VectorTiming.CONVERTING));

        var multiplier = new FloatMultiplier(new FloatMultiplier.Params(FORMAT, VectorTiming.MULTIPLYING));
        multiplier.a.set(number32);
        multiplier.b.set(multiply.scalar);
        switchOn(multiply.factor)
                .is(VectorPass.Factor.ONE, () -> multiplier.b.set(ONE))
                .is(VectorPass.Factor.ITSELF, () -> multiplier.b.set(number32))
                .is(VectorPass.Factor.VECTOR, () -> multiplier.b.set(y));

        var adder = new FloatAdder(new FloatAdder.Params(FORMAT, VectorTiming.ADDING));
        // The lesser one takes as long as a sum.
        var lesser = wire(bits(32));
        var compared = late(add.minimum, VectorTiming.ADDING);
        var last = mux(compared, late(lesser, VectorTiming.ADDING), adder.result);
        var none = lit(NOTHING, 32).asBits();
        var product = mux(add.sums.andNot(addValid), none, multiplier.result);
        adder.a.set(mux(add.folds, last, product));
        adder.b.set(none);
        adder.subtract.set(false);
        var yLate = late(y, VectorTiming.MULTIPLYING);
        var other = mux(add.operand.eq(VectorSlot.Operand.LAST), last, yLate);
        lesser.set(mux(key(other).lt(key(multiplier.result)), other, multiplier.result));
        var one = late(last, 1);
        var two = late(one, 1);
        switchOn(add.operand)
                .is(VectorSlot.Operand.VECTOR, () -> adder.b.set(yLate))
                .is(VectorSlot.Operand.SCALAR, () -> adder.b.set(add.scalar))
                .is(VectorSlot.Operand.LAST, () -> adder.b.set(last))
                .is(VectorSlot.Operand.ONE_BEFORE, () -> adder.b.set(one))
                .is(VectorSlot.Operand.TWO_BEFORE, () -> adder.b.set(two))
                .is(VectorSlot.Operand.UPPER, () -> adder.b.set(upperSum));
        sum.set(last);

        var unit = new FloatFunctionUnit(new FloatFunctionUnit.Params(VectorTiming.APPLYING));
        unit.a.set(last);
        unit.function.set(FloatFunction.EXPONENTIAL);
        switchOn(function)
                .is(VectorPass.Function.RECIPROCAL, () -> unit.function.set(FloatFunction.RECIPROCAL))
                .is(VectorPass.Function.RECIPROCAL_ROOT, () -> unit.function.set(FloatFunction.RECIPROCAL_ROOT));
        var plain = late(function.eq(VectorPass.Function.NONE), VectorTiming.APPLYING);
        value.set(mux(plain, late(last, VectorTiming.APPLYING), unit.result));

        reduce(key(value));

        var rounded = new FloatToInteger(new FloatToInteger.Params(FORMAT, 8, false, 1));
        rounded.a.set(value);
        var clamped = mux(rounded.result.eq(-128), slit(-127, 8), rounded.result);
        integer.set(mux(writeValid, clamped.asBits(), lit(0, 8).asBits()));
        var result = mux(writeInt8, clamped.extend(32).asBits(), late(value, 1));
        for (int bank = 0; bank < BANKS; bank++) {
            var write = writes.get(bank);
            var data = mux(write.put, putWord, result);
            var x = xBanks.get(bank);
            var y = yBanks.get(bank);
            when(mux(write.put, putValid, write.result.and(writeValid)), () -> {
                x.write(write.row, data);
                y.write(write.row, data);
            });
        }
    }

    /** The word of a row of one of the banks, in the next cycle. */
    private Bits read(List<Memory<Bits>> banks, UInt row) {
        var inBank = row.shr(1);
        return mux(late(row.bit(0), 1), banks.get(1).read(inBank), banks.get(0).read(inBank));
    }

    private void reduce(UInt key) {
        var here = reg(new Candidate());
        var mine = wire(new Candidate());
        mine.key.set(mux(reduceValid, key, lit(0, 32)));
        mine.element.set(reduce.row.or(number));
        switchOn(reduce.step)
                .is(VectorSlot.Step.BEGIN, () -> here.set(mine))
                .is(VectorSlot.Step.NEXT, () -> when(mine.key.gt(here.key), () -> here.set(mine)))
                .is(VectorSlot.Step.HALVE, () -> when(upperBest.beats(here), () -> here.set(upperBest)));
        best.set(here);
    }

    /** A number that orders bits as the values they stand for; more than 0 for all that are computed. */
    static UInt key(Bits value) {
        return Hdl.mux(value.bit(31), value.not(), Hdl.cat(Hdl.lit(true), value.bits(30, 0)))
                .asUInt();
    }

    /** The inverse of {@link #key}. */
    static Bits valueOf(UInt key) {
        return Hdl.mux(
                key.bit(31),
                Hdl.cat(Hdl.lit(false), key.bits(30, 0)),
                key.asBits().not());
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
