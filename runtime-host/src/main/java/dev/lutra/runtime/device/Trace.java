// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Unit;
import java.util.List;

/**
 * What the units did in the last region, as the hardware kept it.
 *
 * @param events in the order in which they were kept; of one unit, in the order of its instructions
 * @param before events that were before these and are no longer kept
 * @param lost whether events are missing between these
 */
public record Trace(List<Event> events, long before, boolean lost) {

    public static final Trace NONE = new Trace(List.of(), 0, false);

    public Trace {
        events = List.copyOf(events);
    }

    /**
     * The end of an instruction. Counts are of cycles.
     *
     * @param unit that executed it
     * @param end cycle of the region in which it ended
     * @param cycles since it was the unit's next one, that cycle included
     * @param waited of these, for tokens, before it began
     * @param stalled of these, begun and nothing moved; of LDW, its ring had no room
     */
    public record Event(Unit unit, long end, long cycles, long waited, long stalled) {

        /** Cycles in which something moved, and the one in which it began. */
        public long worked() {
            return cycles - waited - stalled;
        }
    }

    /** The events of one unit. */
    public List<Event> of(Unit unit) {
        return events.stream().filter(event -> event.unit() == unit).toList();
    }
}
