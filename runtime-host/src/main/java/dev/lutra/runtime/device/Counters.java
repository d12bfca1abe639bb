// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Unit;
import java.util.EnumMap;
import java.util.Map;

/**
 * The accelerator's own counters, of one region or summed over several; all zero where the machine has none.
 *
 * @param cycles from start to done
 * @param busy cycles each unit worked; for MX its compute cycles
 * @param stalled cycles each unit had work and could not go on
 * @param bytesRead from memory, padding included
 * @param bytesWritten to memory
 */
public record Counters(long cycles, Map<Unit, Long> busy, Map<Unit, Long> stalled, long bytesRead, long bytesWritten) {

    public static final Counters ZERO = new Counters(0, zeros(), zeros(), 0, 0);

    public Counters {
        busy = Map.copyOf(busy);
        stalled = Map.copyOf(stalled);
    }

    public Counters plus(Counters other) {
        return new Counters(
                cycles + other.cycles,
                sum(busy, other.busy),
                sum(stalled, other.stalled),
                bytesRead + other.bytesRead,
                bytesWritten + other.bytesWritten);
    }

    private static Map<Unit, Long> sum(Map<Unit, Long> a, Map<Unit, Long> b) {
        Map<Unit, Long> sums = new EnumMap<>(Unit.class);
        for (Unit unit : Unit.values()) {
            sums.put(unit, a.getOrDefault(unit, 0L) + b.getOrDefault(unit, 0L));
        }
        return sums;
    }

    private static Map<Unit, Long> zeros() {
        return sum(Map.of(), Map.of());
    }
}
