// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.fp.FloatAdder;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.IntegerToFloat;

/** The binary32 sums of a column of elements, which share one adder: a group of one row a cycle. {@link HalfTerms}, step 7. */
final class HalfAccumulator extends Module {

    record Params(int rows) {}

    /** A group's scaled sum is there. */
    final Bool valid = in(bool());

    /** Its row. */
    final UInt row;

    /** It is its row's first one. */
    final Bool first = in(bool());

    final SInt scaled = in(sint(HalfPe.SCALED_BITS));
    final SInt exponent = in(sint(HalfPe.EXPONENT_BITS));

    /** Two cycles later: the rows' sums. */
    final Vec<Bits> sums;

    HalfAccumulator(Params p) {
        super(p);
        doc("Binary32 sums of %d rows, one group a cycle.".formatted(p.rows()));
        int rowBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(p.rows() - 1));
        row = in(uint(rowBits));
        sums = out(vec(p.rows(), i -> bits(32)));
        var converter = new IntegerToFloat(
                new IntegerToFloat.Params(HalfPe.SCALED_BITS, HalfPe.EXPONENT_BITS, FloatFormat.BINARY32, 0));
        converter.a.set(scaled);
        converter.scale.set(exponent);
        var group = reg(bits(32));
        group.set(converter.result);
        var adds = reg(bool()).init(false);
        adds.set(valid);
        var starts = reg(bool());
        starts.set(first);
        var at = reg(uint(rowBits));
        at.set(row);
        Vec<Bits> held = reg(vec(p.rows(), i -> bits(32)));
        var adder = new FloatAdder(new FloatAdder.Params(FloatFormat.BINARY32, 0));
        adder.subtract.set(false);
        adder.a.set(mux(starts, lit(0, 32).asBits(), p.rows() == 1 ? held.get(0) : held.get(at)));
        adder.b.set(group);
        for (int i = 0; i < p.rows(); i++) {
            int index = i;
            when(
                    p.rows() == 1 ? adds : adds.and(at.eq(index)),
                    () -> held.get(index).set(adder.result));
        }
        sums.set(held);
    }
}
