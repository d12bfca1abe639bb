// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** The end of a column, for cores that are not {@link SummingCore}s: adds the sums of its groups into results, scaled or not. */
public final class GroupUnits {

    private GroupUnits() {}

    /**
     * Makes it, in the constructor of the module it becomes part of.
     *
     * @param groupSum with {@code load}
     * @param blockStart a cycle after load: results start from this group
     * @param capture the results are complete: a cycle after blockStart without scales, or eight cycles
     * @param scale unsigned, with load; null without scales
     * @return the results, from the cycle after capture on
     */
    public static SInt result(
            int innerBits,
            int outerBits,
            SInt groupSum,
            Bool load,
            Bool blockStart,
            Bool capture,
            @Nullable UInt scale) {
        var params = new GroupUnit.Params(innerBits, outerBits);
        GroupUnit unit;
        if (scale != null) {
            var scaleUnit = new ScaleUnit(params);
            scaleUnit.scale.set(scale);
            unit = scaleUnit;
        } else {
            unit = new SumUnit(params);
        }
        unit.groupSum.set(groupSum);
        unit.load.set(load);
        unit.blockStart.set(blockStart);
        unit.capture.set(capture);
        unit.halve.set(false);
        return unit.result;
    }
}
