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

    final UInt cycles = field(uint(BITS));
    final Vec<UInt> busyCycles = field(vec(Unit.values().length, i -> uint(BITS)));
    final Vec<UInt> stalledCycles = field(vec(Unit.values().length, i -> uint(BITS)));
    final UInt beatsRead = field(uint(BITS));
    final UInt beatsWritten = field(uint(BITS));
}
