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

/** The binary32 sums of a column of elements, which share one adder: a group of one row a cycle, all rows in turn from the first on. {@link HalfTerms}, step 7. */
final class HalfAccumulator extends Module {

    record Params(int rows) {}

    /** Exponents without their bias. */
    private static final int SCALE_BITS = 7;

    /** A group's scaled sum is there, of the row whose turn it is. */
    final Bool valid = in(bool());

    /** It is its row's first group. */
    final Bool first = in(bool());

    final SInt scaled = in(sint(HalfPe.SCALED_BITS));

    /** Biased, as elements have it. */
    final UInt exponent = in(uint(HalfPe.EXPONENT_BITS));

    /** Two cycles after the last row's group: the rows' sums. */
    final Vec<Bits> sums;

    HalfAccumulator(Params p) {
        super(p);
        doc("Binary32 sums of %d rows, one group a cycle.".formatted(p.rows()));
        sums = out(vec(p.rows(), i -> bits(32)));
        var converter =
                new IntegerToFloat(new IntegerToFloat.Params(HalfPe.SCALED_BITS, SCALE_BITS, FloatFormat.BINARY32, 0));
        converter.a.set(scaled);
        converter.scale.set(exponent.toSInt().sub(HalfPe.EXPONENT_BIAS).truncate(SCALE_BITS));
        var group = reg(bits(32));
        group.set(converter.result);
        var adds = reg(bool()).init(false);
        adds.set(valid);
        var starts = reg(bool());
        starts.set(first);
        // Rows come in turn: their sums go round, and need no addresses.
        Vec<Bits> held = reg(vec(p.rows(), i -> bits(32)));
        var adder = new FloatAdder(new FloatAdder.Params(FloatFormat.BINARY32, 0));
        adder.subtract.set(false);
        adder.a.set(mux(starts, lit(0, 32).asBits(), held.get(0)));
        adder.b.set(group);
        for (int i = 0; i < p.rows(); i++) {
            int index = i;
            when(adds, () -> held.get(index).set(index == p.rows() - 1 ? adder.result : held.get(index + 1)));
        }
        sums.set(held);
    }
}
