// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;

/** What a {@link MatrixCore} whose tables stay is told beside its slots. */
public final class StayControl extends Bundle {

    /** The activations are those of the next step, whose tables are to be written; they need not be those of a slot. */
    public final Bool load = field(Hdl.bool());

    /** The slot is the first one of a step: from it on, lookups are in the tables that were loaded last. */
    public final Bool stepFirst = field(Hdl.bool());

    /** Block of the slot. */
    public final UInt block;

    StayControl(int blocks) {
        block = field(Hdl.uint(32 - Integer.numberOfLeadingZeros(blocks - 1)));
    }
}
