// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.logic.Counter;
import dev.lutra.machine.Unit;

/** Counts cycles, busy and stalled cycles of each unit, and beats on the bus, from start to done. */
final class PerformanceCounters extends Module {

    /** @param units that there are, in the order of {@link Unit} */
    record Params(int units) {}

    final Bool clear = in(bool());
    final Bool running = in(bool());
    final Vec<Bool> unitBusy;
    final Vec<Bool> unitStalled;
    final Bool readBeat;
    final Bool writtenBeat;
    final CounterValues values;

    PerformanceCounters(Params p) {
        super(p);
        unitBusy = in(vec(p.units, i -> bool()));
        unitStalled = in(vec(p.units, i -> bool()));
        readBeat = in(bool());
        writtenBeat = in(bool());
        values = out(new CounterValues(p.units));
        doc("Counts cycles, busy and stalled cycles of each unit, and beats on the bus, from start to done.");
        values.cycles.set(counter(running));
        for (int unit = 0; unit < p.units; unit++) {
            values.busyCycles.get(unit).set(counter(unitBusy.get(unit)));
            values.stalledCycles.get(unit).set(counter(unitStalled.get(unit)));
        }
        values.beatsRead.set(counter(readBeat));
        values.beatsWritten.set(counter(writtenBeat));
    }

    private UInt counter(Bool event) {
        var counter = Counter.ofBits(CounterValues.BITS);
        counter.clear.set(clear);
        counter.enable.set(event);
        return counter.count;
    }
}
