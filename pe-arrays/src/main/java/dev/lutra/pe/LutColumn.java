// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import org.jspecify.annotations.Nullable;

/**
 * One output column of one row: the adder tree over T lookups, the accumulator of a group, and the result.
 *
 * <p>Planes come most significant first, so that a plane's weight is a doubling of what was there before and no shifter is needed. The
 * accumulator leaves out bit 0 of every lookup, which {@link RowCorrection} counts for all columns at once.
 */
final class LutColumn extends Module {

    record Params(int t, int operandBits, boolean scaled, int innerBits, int outerBits) {}

    /** Control of all columns; each field belongs to the pipeline stage that its comment names. */
    static final class Control extends Bundle {
        /** Accumulate: the sum of the lookups is a slot's. */
        final Bool accumulate = field(Hdl.bool());
        /** Accumulate: it starts a group. */
        final Bool restart = field(Hdl.bool());
        /** Accumulate: it starts a plane. */
        final Bool twice = field(Hdl.bool());
        /** One after accumulate: the group is complete. */
        final Bool load = field(Hdl.bool());
        /** One after load: the group starts its results. */
        final Bool blockStart = field(Hdl.bool());
        /** After the last addition: the results are complete. */
        final Bool capture = field(Hdl.bool());
        /** With load if groups can be scaled, else with capture: z' is not 0. */
        final Bool halve = field(Hdl.bool());
    }

    final Control control;
    final Vec<SInt> operands;
    final SInt correction;
    final @Nullable UInt scale;
    final SInt result;

    LutColumn(Params p) {
        super(p);
        doc("One output column of one row. Adds the lookups of a slot, doubles the sum at each plane (most significant"
                + " first), and adds the finished group into the result.");
        control = in(new Control());
        operands = in(vec(p.t(), i -> sint(p.operandBits())));
        correction = in(sint(p.innerBits()));
        scale = p.scaled() ? in(uint(8)) : null;
        result = out(sint(p.outerBits()));

        var lookups = CarryTree.operands(operands.asList());
        if (p.t() > 1) {
            var tree = reg(sint(lookups.width()));
            tree.set(lookups);
            lookups = tree;
        }
        var addend = lookups.bits(lookups.width() - 1, 1).asSInt();
        var carryIn = cat(lit(false), lookups.bit(0)).asSInt();

        // Half of the group's sum: bit 0 of it is in the correction.
        int halfBits = p.innerBits() - 1;
        var acc = reg(sint(halfBits));
        var base = mux(control.restart, 0, mux(control.twice, acc.shl(1).truncate(halfBits), acc));
        when(control.accumulate, () -> acc.set(base.wrapAdd(addend).wrapAdd(carryIn)));
        var half = acc.wrapAdd(correction.shr(1));
        var groupSum = cat(half, correction.bit(0)).asSInt();

        var unitParams = new GroupUnit.Params(p.innerBits(), p.outerBits());
        GroupUnit unit;
        if (scale == null) {
            unit = new SumUnit(unitParams);
        } else {
            var scaleUnit = new ScaleUnit(unitParams);
            scaleUnit.scale.set(scale);
            unit = scaleUnit;
        }
        unit.groupSum.set(groupSum);
        unit.load.set(control.load);
        unit.blockStart.set(control.blockStart);
        unit.capture.set(control.capture);
        unit.halve.set(control.halve);
        result.set(unit.result);
    }
}
