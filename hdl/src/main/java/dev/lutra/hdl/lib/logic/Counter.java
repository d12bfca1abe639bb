// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Counts from 0 to a last value and starts again; one step per enabled cycle. */
public final class Counter extends Module {

    /**
     * @param width bits, at most 62
     * @param last value before 0
     */
    public record Params(int width, long last) {
        public Params {
            if (width < 1 || width > 62 || last < 1 || last >>> width != 0) {
                throw new IllegalArgumentException("a counter of %d bits up to %d".formatted(width, last));
            }
        }
    }

    public final Bool enable = in(bool());

    /** Back to 0, enabled or not. */
    public final Bool clear = in(bool());

    public final UInt count;

    /** The last value is reached and the counter enabled: it is 0 in the next cycle. */
    public final Bool wraps = out(bool());

    public Counter(Params p) {
        super(p);
        doc("Counts from 0 to " + p.last + ".");
        count = out(uint(p.width));
        UInt value = reg(uint(p.width)).init(0);
        Bool ends = value.eq(p.last);
        count.set(value);
        wraps.set(enable.and(ends));
        when(clear, () -> value.set(0)).elseWhen(enable, () -> {
            if (p.last == (1L << p.width) - 1) {
                value.set(value.wrapAdd(1));
            } else {
                value.set(mux(ends, lit(0, p.width), value.wrapAdd(1)));
            }
        });
    }

    /** Counts through all numbers of so many bits. */
    public static Counter ofBits(int width) {
        return new Counter(new Params(width, (1L << width) - 1));
    }

    /** Counts so many steps round, at least 2. */
    public static Counter modulo(long steps) {
        return new Counter(new Params(64 - Long.numberOfLeadingZeros(steps - 1), steps - 1));
    }
}
