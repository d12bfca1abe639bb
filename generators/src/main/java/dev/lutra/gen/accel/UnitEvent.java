// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Unit;

/** The end of an instruction in a unit, and how its cycles went by. */
final class UnitEvent extends Bundle {

    static final int UNIT_BITS = Log2.bitsFor(Unit.values().length - 1);
    static final int CYCLE_BITS = 32;

    /** {@link Unit} by its number. */
    final UInt unit = field(uint(UNIT_BITS));

    /** Cycle of the region in which the instruction ended. */
    final UInt end = field(uint(CYCLE_BITS));

    /** Cycles since it was the unit's next one. */
    final UInt cycles = field(uint(CYCLE_BITS));

    /** Of these, cycles it waited for tokens before it began. */
    final UInt waited = field(uint(CYCLE_BITS));

    /** Of these, cycles it had begun and nothing moved; of LDW, cycles its ring had no room. */
    final UInt stalled = field(uint(CYCLE_BITS));
}
