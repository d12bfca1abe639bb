// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Where a burst lies in memory. */
final class BurstSpan extends Bundle {

    /** AXI4: a burst must not cross a 4-KiB boundary. */
    private static final int BOUNDARY_BYTES = 4096;

    /** Byte address of the first beat. */
    final UInt address;

    /** Beats, 1 to the longest burst. */
    final UInt beats;

    BurstSpan(int addressBits, int maxBurst) {
        address = field(uint(addressBits));
        beats = field(uint(Log2.bitsFor(maxBurst)));
    }

    /**
     * The beats of the next burst, where {@code remaining} is not 0: bounded by the transfer, the
     * longest burst and the 4-KiB boundary of AXI4, which single beats never cross.
     */
    static UInt beatsWithin(UInt address, UInt remaining, int beatBytes, int maxBurst) {
        if (maxBurst == 1) {
            return lit(1, 1);
        }
        UInt longest = remaining.min(lit(maxBurst));
        int boundaryBeats = BOUNDARY_BYTES / beatBytes;
        UInt beatInBlock = address.bits(Log2.exact(BOUNDARY_BYTES) - 1, Log2.exact(beatBytes));
        UInt toBoundary = lit(boundaryBeats).sub(beatInBlock).asUInt().truncate(Log2.bitsFor(boundaryBeats));
        return longest.min(toBoundary).truncate(Log2.bitsFor(maxBurst));
    }
}
