// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Bits that the hardware sets and software clears, as seen by the hardware. */
public final class StickyBits extends Bundle {
    /** Bits to set; this wins over any clearing. */
    public final UInt set;

    /** Bits to clear. */
    public final UInt clear;

    /** The bits as they are. */
    public final UInt value;

    StickyBits(int width) {
        set = field(uint(width));
        clear = field(uint(width));
        value = flipped(uint(width));
    }
}
