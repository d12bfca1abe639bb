// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which bits of a signal the written text reads. */
final class BitUse {

    /** Neighbouring bits. */
    record Range(int hi, int lo) {}

    private final int width;
    private boolean whole;
    private @Nullable BitSet some;

    BitUse(int width) {
        this.width = width;
    }

    /** Notes a read of bits {@code hi..lo}. */
    void read(int hi, int lo) {
        if (hi - lo + 1 == width) {
            whole = true;
        } else {
            some = some == null ? new BitSet(width) : some;
            some.set(lo, hi + 1);
        }
    }

    /** The bits nobody reads, from the top. */
    List<Range> unread() {
        if (whole) {
            return List.of();
        }
        if (some == null) {
            return List.of(new Range(width - 1, 0));
        }
        var ranges = new ArrayList<Range>();
        for (int hi = some.previousClearBit(width - 1); hi >= 0; ) {
            int below = some.previousSetBit(hi);
            ranges.add(new Range(hi, below + 1));
            hi = below < 0 ? -1 : some.previousClearBit(below);
        }
        return ranges;
    }
}
