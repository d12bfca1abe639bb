// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.HashMap;
import java.util.Map;

/**
 * What synthesis made of a design, module by module.
 *
 * @param modules what each takes
 * @param pathPs worst path inside a module
 */
record Mapped(Modules modules, double pathPs) {

    /**
     * Counts.
     *
     * @param area LUTs, logic cells, or the unit of the Liberty file
     * @param flipFlops registers
     * @param multipliers DSP blocks
     */
    record Count(double area, long flipFlops, long multipliers) {
        Count times(int n) {
            return new Count(n * area, n * flipFlops, n * multipliers);
        }

        Count plus(Count other) {
            return new Count(area + other.area, flipFlops + other.flipFlops, multipliers + other.multipliers);
        }
    }

    /**
     * One module.
     *
     * @param own cells
     * @param inside instances of other modules
     */
    record Module(Count own, Map<String, Integer> inside) {}

    /** Modules by name. */
    record Modules(Map<String, Module> byName) {
        /** A module with all that is in it. */
        Count count(String module, Repeat repeat) {
            return count(module, repeat, new HashMap<>());
        }

        private Count count(String name, Repeat repeat, Map<String, Count> counted) {
            Count known = counted.get(name);
            if (known != null) return known;
            Module module = byName.get(name);
            if (module == null) throw new IllegalArgumentException("there is no module " + name);
            Count sum = module.own();
            for (var inside : module.inside().entrySet()) {
                sum = sum.plus(
                        count(inside.getKey(), repeat, counted).times(inside.getValue() * repeat.of(inside.getKey())));
            }
            counted.put(name, sum);
            return sum;
        }
    }

    Synthesis synthesis(String top, Repeat repeat) {
        var count = modules.count(top, repeat);
        return new Synthesis(count.area(), count.flipFlops(), count.multipliers(), pathPs);
    }
}
