// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** What the host reads of a trace. */
final class TraceValues extends Bundle {

    /** The event that was asked for in the cycle before. */
    final UnitEvent event = field(new UnitEvent());

    /** Events since the start of the region. */
    final UInt count = field(uint(UnitEvent.CYCLE_BITS));

    /** Some were not written. */
    final Bool lost = field(bool());
}
