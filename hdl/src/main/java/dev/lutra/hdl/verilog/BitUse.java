// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Signal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which bits of each signal the written text reads. */
final class BitUse {

    /** Neighbouring bits. */
    record Range(int hi, int lo) {}

    private final Map<Signal, BitSet> used = new HashMap<>();

    /** Notes a read of bits {@code hi..lo}. */
    void read(Signal signal, int hi, int lo) {
        used.computeIfAbsent(signal, s -> new BitSet(0)).set(lo, hi + 1);
    }

    /** The bits nobody reads, from the top. */
    List<Range> unread(Signal signal) {
        int width = signal.type().width();
        BitSet bits = used.get(signal);
        if (bits == null) {
            return List.of(new Range(width - 1, 0));
        }
        if (bits.nextClearBit(0) >= width) {
            return List.of();
        }
        var ranges = new ArrayList<Range>();
        for (int hi = bits.previousClearBit(width - 1); hi >= 0; ) {
            int below = bits.previousSetBit(hi);
            ranges.add(new Range(hi, below + 1));
            hi = below < 0 ? -1 : bits.previousClearBit(below);
        }
        return ranges;
    }
}
