// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Where a burst lies in memory: it stays within 4 KiB. */
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
     * The beats of the next burst: bounded by the transfer, the longest burst and, if {@code paged}, the 4-KiB boundary that
     * AXI4 asks for.
     */
    static UInt beatsWithin(UInt address, UInt remaining, int beatBytes, int maxBurst, boolean paged) {
        UInt longest = remaining.min(lit(maxBurst));
        if (!paged) {
            return longest.truncate(Log2.bitsFor(maxBurst));
        }
        int boundaryBeats = BOUNDARY_BYTES / beatBytes;
        UInt beatInBlock = address.bits(Log2.exact(BOUNDARY_BYTES) - 1, Log2.exact(beatBytes));
        UInt toBoundary = lit(boundaryBeats).sub(beatInBlock).asUInt().truncate(Log2.bitsFor(boundaryBeats));
        return longest.min(toBoundary).truncate(Log2.bitsFor(maxBurst));
    }
}
