// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/** Entries of tables in 8 bits with a power of two as scale, as {@link TableModel} has them. */
public final class TableRounding {
    /** Bits of an entry. */
    public static final int BITS = 8;

    private TableRounding() {}

    /**
     * The largest sum of magnitudes of a table.
     *
     * @param activations of tables, g each
     */
    public static UInt largest(List<SInt> activations, int g) {
        UInt largest = null;
        for (int from = 0; from < activations.size(); from += g) {
            UInt sum = null;
            for (SInt element : activations.subList(from, from + g)) {
                sum = sum == null ? element.abs() : sum.add(element.abs());
            }
            if (sum == null) throw new AssertionError("a table without activations");
            largest = largest == null ? sum : largest.max(sum);
        }
        if (largest == null) throw new AssertionError("a row without tables");
        return largest;
    }

    /**
     * The scale of tables with this largest magnitude: its bits beyond 7.
     *
     * @param most largest scale there can be
     */
    public static UInt scale(UInt largest, int most) {
        int width = 32 - Integer.numberOfLeadingZeros(most);
        UInt shift = Hdl.lit(0, width);
        for (int s = 1; s <= most; s++) shift = Hdl.mux(largest.ge(1L << s + BITS - 2), Hdl.lit(s, width), shift);
        return shift;
    }

    /** {@code clamp(RNE(entry / 2^scale), -127, 127)} where 2^scale is chosen so that at most +-128 must be clamped. */
    public static SInt rounded(SInt entry, UInt scale) {
        var choices = new ArrayList<SInt>();
        for (int s = 0; s + BITS <= entry.width(); s++) {
            var floor = entry.shr(s);
            if (s > 0) {
                var half = entry.bit(s - 1);
                var odd = entry.bit(s);
                var up = half.and(s == 1 ? odd : odd.or(entry.bits(s - 2, 0).orR()));
                floor = floor.add(Hdl.cat(Hdl.lit(false), up).asSInt());
            }
            choices.add(floor.width() > BITS + 1 ? floor.truncate(BITS + 1) : floor.extend(BITS + 1));
        }
        var rounded = Hdl.select(scale, choices);
        var high = Hdl.mux(rounded.gt(127), 127, rounded);
        return Hdl.mux(high.lt(-127), -127, high).truncate(BITS);
    }
}
