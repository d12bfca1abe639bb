// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.fp.Shifts;

/** A lane of {@link HalfLanes}: a significand with three guard bits, shifted down, with a bit that stands for all lost ones, and signed. */
final class HalfAligner extends Module {

    /** 0 of a lane without a term. */
    final UInt significand = in(uint(11));

    final UInt distance = in(uint(6));
    final Bool negative = in(bool());
    final SInt aligned = out(sint(16));

    HalfAligner() {
        doc("Shifts a significand down to the greatest lane's exponent, and signs it.");
        var shifted = Shifts.rightSticky(significand.shl(3), distance).toSInt();
        aligned.set(mux(negative, shifted.neg(), shifted.extend(shifted.width() + 1)));
    }
}
