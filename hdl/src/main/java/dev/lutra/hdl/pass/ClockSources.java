// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Port;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where a combinational value comes from.
 *
 * @param clocks state it depends on, one example for each clock of the module
 * @param inputs inputs of the module it depends on
 * @param crossing whether it depends on a value marked as crossing
 */
record ClockSources(Map<Integer, Place> clocks, Set<Port> inputs, boolean crossing) {

    /** Something at a place in the source. */
    record Place(String what, Loc loc) {}

    static final ClockSources NONE = new ClockSources(Map.of(), Set.of(), false);
    static final ClockSources CROSSING = new ClockSources(Map.of(), Set.of(), true);

    static ClockSources state(int clock, String what, Loc loc) {
        return new ClockSources(Map.of(clock, new Place(what, loc)), Set.of(), false);
    }

    static ClockSources input(Port port) {
        return new ClockSources(Map.of(), Set.of(port), false);
    }

    ClockSources and(ClockSources that) {
        if (this == that || that == NONE) {
            return this;
        }
        if (this == NONE) {
            return that;
        }
        if (clocks.keySet().containsAll(that.clocks.keySet())
                && inputs.containsAll(that.inputs)
                && (crossing || !that.crossing)) {
            return this;
        }
        var allClocks = new LinkedHashMap<>(that.clocks);
        allClocks.putAll(clocks);
        var allInputs = new LinkedHashSet<>(inputs);
        allInputs.addAll(that.inputs);
        return new ClockSources(allClocks, allInputs, crossing || that.crossing);
    }
}
