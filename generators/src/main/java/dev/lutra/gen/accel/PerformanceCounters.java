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

    private static final int UNITS = Unit.values().length;

    final Bool clear = in(bool());
    final Bool running = in(bool());
    final Vec<Bool> unitBusy = in(vec(UNITS, i -> bool()));
    final Vec<Bool> unitStalled = in(vec(UNITS, i -> bool()));
    final Bool readBeat = in(bool());
    final Bool writtenBeat = in(bool());
    final CounterValues values = out(new CounterValues());

    PerformanceCounters() {
        doc("Counts cycles, busy and stalled cycles of each unit, and beats on the bus, from start to done.");
        values.cycles.set(counter(running));
        for (int unit = 0; unit < UNITS; unit++) {
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
