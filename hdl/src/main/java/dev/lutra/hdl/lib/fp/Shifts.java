// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/** Shifts and counts that rounding needs, for use within a module. Combinational. */
public final class Shifts {

    private Shifts() {}

    /** The value shifted down by any amount; bit 0 is also 1 if a 1 was shifted out. */
    public static UInt rightSticky(UInt value, UInt amount) {
        int width = value.width();
        var at = value;
        var lost = Hdl.lit(false);
        for (int k = 0; k < amount.width(); k++) {
            var taken = amount.bit(k);
            if (1L << k >= width) {
                lost = lost.or(taken.and(at.orR()));
                at = Hdl.mux(taken, Hdl.lit(0, width), at);
            } else {
                lost = lost.or(taken.and(at.bits((1 << k) - 1, 0).orR()));
                at = Hdl.mux(taken, at.shr(1 << k).extend(width), at);
            }
        }
        return Hdl.cat(at.bits(width - 1, 1), at.bit(0).or(lost)).asUInt();
    }

    /** How many zeros stand above the uppermost 1; any number if all are zeros. */
    public static UInt leadingZeros(UInt value) {
        int places = 1;
        while (1 << places < value.width()) places++;
        List<Count> level = new ArrayList<>();
        for (int i = value.width() - 1; i >= 0; i -= 2) {
            level.add(
                    i == 0
                            ? new Count(value.bit(0), List.of(Hdl.lit(false)))
                            : new Count(
                                    value.bit(i).or(value.bit(i - 1)),
                                    List.of(value.bit(i).not())));
        }
        for (int k = 1; k < places; k++) {
            var next = new ArrayList<Count>();
            for (int i = 0; i < level.size(); i += 2) {
                next.add(
                        i + 1 < level.size()
                                ? level.get(i).above(level.get(i + 1))
                                : level.get(i)
                                        .above(new Count(
                                                Hdl.lit(false), level.get(i).zeros())));
            }
            level = next;
        }
        return Hdl.cat(level.get(0).zeros()).asUInt();
    }

    /** Zeros above the uppermost 1 of a part, most significant bit first. */
    private record Count(Bool any, List<? extends Data> zeros) {
        Count above(Count low) {
            var both = new ArrayList<Data>(List.of(any.not()));
            for (int i = 0; i < zeros.size(); i++) {
                both.add(Hdl.mux(any, (Bool) zeros.get(i), (Bool) low.zeros.get(i)));
            }
            return new Count(any.or(low.any), both);
        }
    }
}
