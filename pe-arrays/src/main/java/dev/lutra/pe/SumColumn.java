// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** One output column of one row of a {@link SummingCore}: adds the sums of slots, with the weight of their pass, and the finished group into the result. */
final class SumColumn extends Module {

    /**
     * @param sumBits width of a slot's sum
     * @param shift planes of a pass
     * @param passes whether there can be several
     * @param corrected whether a group's sum lacks something that its row has in common
     */
    record Params(
            int sumBits, int shift, boolean passes, boolean corrected, boolean scaled, int innerBits, int outerBits) {}

    final LutColumn.Control control;
    final SInt sum;
    final Bool carry = in(bool());
    final @Nullable SInt correction;
    final @Nullable UInt scale;
    final SInt result;

    SumColumn(Params p) {
        super(p);
        doc("One output column of one row. Adds the sums of slots, passes most significant first, and adds the finished"
                + " group into the result.");
        control = in(new LutColumn.Control());
        sum = in(sint(p.sumBits()));
        correction = p.corrected() ? in(sint(p.innerBits())) : null;
        scale = p.scaled() ? in(uint(8)) : null;
        result = out(sint(p.outerBits()));

        int bits = p.innerBits();
        var acc = reg(sint(bits));
        var kept = p.passes() ? mux(control.twice, acc.shl(p.shift()).truncate(bits), acc) : acc;
        var base = mux(control.restart, 0, kept);
        var addend = p.sumBits() > bits ? sum.truncate(bits) : sum;
        var carryIn = cat(lit(false), carry).asSInt();
        when(control.accumulate, () -> acc.set(base.wrapAdd(addend).wrapAdd(carryIn)));

        var unitParams = new GroupUnit.Params(bits, p.outerBits());
        GroupUnit unit;
        if (scale == null) {
            unit = new SumUnit(unitParams);
        } else {
            var scaleUnit = new ScaleUnit(unitParams);
            scaleUnit.scale.set(scale);
            unit = scaleUnit;
        }
        unit.groupSum.set(correction == null ? acc : acc.wrapAdd(correction));
        unit.load.set(control.load);
        unit.blockStart.set(control.blockStart);
        unit.capture.set(control.capture);
        unit.halve.set(control.halve);
        result.set(unit.result);
    }
}
