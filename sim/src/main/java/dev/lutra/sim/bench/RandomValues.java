// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Range;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.math.BigInteger;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;

/**
 * Random values of a port of at most 64 bits. A quarter of them are corners: the least and the greatest value and their neighbours, 0,
 * 1, -1, single bits, alternating bits; the others are spread evenly.
 */
public final class RandomValues {
    private static final int TRIES = 10_000;

    private final String name;
    private final int width;
    private final SplittableRandom random;
    private long least;
    private long most;
    private int cornersOf16 = 4;
    private LongPredicate constraint = value -> true;
    private List<Long> corners = List.of();

    RandomValues(Data port, SplittableRandom random) {
        this.random = random;
        name = port.toString();
        width = port.width();
        if (width > 64) {
            throw new IllegalArgumentException(name + ": random values have at most 64 bits");
        }
        boolean signed = port instanceof SInt || port instanceof SFix;
        Range range =
                port instanceof UInt number ? number.range() : port instanceof SInt number ? number.range() : null;
        if (port instanceof EnumSignal<?> choice) {
            width(choice);
        }
        // 64 unsigned bits go as the bits of a long.
        boolean whole = width == 64 && (range == null || range.max().bitLength() > 63);
        least = whole ? Long.MIN_VALUE : range != null ? range.min().longValue() : signed ? -(1L << width - 1) : 0;
        most = whole
                ? Long.MAX_VALUE
                : range != null ? range.max().longValue() : (1L << (signed ? width - 1 : width)) - 1;
        findCorners();
    }

    private static void width(EnumSignal<?> choice) {
        throw new IllegalArgumentException(choice + ": take values of an enumeration by within(...)");
    }

    /** Only values from {@code least} to {@code most}. */
    public RandomValues within(long least, long most) {
        if (least > most || least < this.least || most > this.most) {
            throw new IllegalArgumentException(
                    least + " to " + most + " for " + name + ", whose values are " + this.least + " to " + this.most);
        }
        this.least = least;
        this.most = most;
        findCorners();
        return this;
    }

    /** Only values for which this holds as well; it should hold for many. */
    public RandomValues where(LongPredicate holds) {
        constraint = constraint.and(holds);
        return this;
    }

    /** Corners in so many of 16 values. */
    public RandomValues corners(int of16) {
        cornersOf16 = of16;
        return this;
    }

    public long next() {
        for (int i = 0; i < TRIES; i++) {
            long value = random.nextInt(16) < cornersOf16
                    ? corners.get(random.nextInt(corners.size()))
                    : most == Long.MAX_VALUE
                            ? least == Long.MIN_VALUE
                                    ? random.nextLong()
                                    : least + (random.nextLong() >>> 1) % (most - least)
                            : random.nextLong(least, most + 1);
            if (constraint.test(value)) {
                return value;
            }
        }
        throw new IllegalStateException(name + ": no value found that meets the constraint in " + TRIES + " tries");
    }

    private void findCorners() {
        var all = new ArrayList<Long>();
        var candidates = new ArrayList<Long>(List.of(least, most, least + 1, most - 1, 0L, 1L, -1L));
        for (int bit = 0; bit < Math.min(width, 63); bit++) {
            candidates.add(1L << bit);
        }
        BigInteger alternating = new BigInteger("5555555555555555", 16);
        long mask = width == 64 ? -1 : (1L << width) - 1;
        candidates.add(alternating.longValue() & mask);
        candidates.add(~alternating.longValue() & mask);
        for (long candidate : candidates) {
            if (candidate >= least && candidate <= most && !all.contains(candidate)) {
                all.add(candidate);
            }
        }
        corners = all;
    }

    void fill(LongBuffer rows, int stride, int word, int count) {
        for (int i = 0; i < count; i++) {
            rows.put(i * stride + word, next());
        }
    }
}
