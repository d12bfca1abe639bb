// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.Unit;

/** The performance counters of a region; the arrays are indexed by {@link Unit}. */
final class CounterValues extends Bundle {

    /** Width of every counter. */
    static final int BITS = 48;

    final UInt cycles;
    final Vec<UInt> busyCycles;
    final Vec<UInt> stalledCycles;
    final UInt beatsRead;
    final UInt beatsWritten;

    /** @param units that there are */
    CounterValues(int units) {
        cycles = field(uint(BITS));
        busyCycles = field(vec(units, i -> uint(BITS)));
        stalledCycles = field(vec(units, i -> uint(BITS)));
        beatsRead = field(uint(BITS));
        beatsWritten = field(uint(BITS));
    }
}
