// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import dev.lutra.hdl.ir.Module;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a definition is made of, its children left out.
 *
 * @param module the definition
 * @param registerBits bits of its registers
 * @param memories its memories, in the order of the source
 * @param operators how often each sort of operator is there, of those whose result is read
 * @param estimates what it takes of each target
 */
public record ModuleStatistics(
        Module module,
        long registerBits,
        java.util.List<MemoryUse> memories,
        SortedMap<Operator, Integer> operators,
        Map<Target, Estimate> estimates) {

    /** Number of operators of a kind. */
    public int count(Operator.Kind kind) {
        return operators.entrySet().stream()
                .filter(e -> e.getKey().kind() == kind)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
