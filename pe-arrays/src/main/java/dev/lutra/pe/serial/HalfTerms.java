// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import dev.lutra.hdl.lib.fp.FloatArithmetic;
import dev.lutra.hdl.lib.fp.FloatFormat;
import java.util.List;

/**
 * The arithmetic of {@link HalfPe} and {@link HalfAccumulator}, step by step; their functional model. BitMoD leaves it open (HPCA 2025, section IV); decided
 * here:
 *
 * <ol>
 *   <li>A finite binary16 activation is (-1)^s m 2^(e-25), m of 11 bits, e at least 1. Subnormal numbers are kept, infinities and NaN are refused.
 *   <li>Of one term of four weights a lane has E = e + exponent; it is active if the term and m are not 0. Without an active lane nothing happens.
 *   <li>Emax is the greatest E of the active lanes. 8 m is shifted down by Emax - E, a bit that stands for all lost ones stays (14 bits); then it has the
 *       sign of activation and term.
 *   <li>The sum S of the lanes is exact. Its last bit is worth 2^(Emax - 28 + shift), shift being that of the term's place.
 *   <li>The group's sum is A 2^x, A of 32 bits. The addend is S 2^8 with y = Emax - 36 + shift. If A is 0, it becomes the sum. Otherwise both are shifted
 *       down to the greater of x and y, towards minus infinity, a bit standing for lost ones, and added.
 *   <li>If |A| &gt;= 2^30, A becomes A / 2, to nearest, ties to even, and x is one more.
 *   <li>At the group's end D = scale A, exact in 40 bits; the row's sum becomes binary32(sum + binary32(D 2^x)), groups in order.
 * </ol>
 *
 * <p>Values of floating-point weights count in halves, and the row's factor, which has the half, is the host's, in one more multiplication. Groups with a
 * zero point are not computed with FP16 activations.
 *
 * <p><b>Bound.</b> With M the sum of |activation x term| of a group and T its cycles, the group's sum is off by at most {@code (3 2^-13 + T 2^-20) M}: in a cycle up
 * to three lanes lose less than 1 of their last place, where the fourth one is at least 2^13 (a subnormal one comes with shifts of at most 3, which lose
 * nothing), and the sum loses less than 2 of its last place, at least 2^-21 of what was added when it got that place. Each of G groups then adds two
 * roundings of 2^-24 of at most the sum of all {@code scale M}. {@link #bound} computes it.
 */
final class HalfTerms {
    private static final FloatArithmetic SUMS = new FloatArithmetic(FloatFormat.BINARY32);
    private static final int GUARD = 3;
    private static final int ADDEND_SHIFT = 8;
    private static final long LIMIT = 1L << 30;

    /** Mantissa and exponent of the group's sum. */
    private long a;

    private int x;

    /** Starts a group. */
    void clear() {
        a = 0;
        x = 0;
    }

    /**
     * Adds one term of some weights.
     *
     * @param activations binary16
     * @param terms one of each weight, all of one place
     */
    void add(long[] activations, List<SerialTerm> terms) {
        int most = 0;
        for (int k = 0; k < activations.length; k++) {
            if (active(activations[k], terms.get(k))) {
                most = Math.max(most, exponent(activations[k]) + terms.get(k).exponent());
            }
        }
        if (most == 0) {
            return;
        }
        long s = 0;
        for (int k = 0; k < activations.length; k++) {
            SerialTerm term = terms.get(k);
            if (active(activations[k], term)) {
                int distance = most - exponent(activations[k]) - term.exponent();
                long aligned = sticky(significand(activations[k]) << GUARD, distance);
                s += (activations[k] & 0x8000) != 0 ^ term.negative() ? -aligned : aligned;
            }
        }
        long addend = s << ADDEND_SHIFT;
        int y = most - 25 - GUARD - ADDEND_SHIFT + terms.get(0).shift();
        if (a == 0) {
            a = addend;
            x = y;
        } else {
            int last = Math.max(x, y);
            a = sticky(a, last - x) + sticky(addend, last - y);
            x = last;
        }
        if (Math.abs(a) >= LIMIT) {
            long half = a >> 1;
            a = half + (a & half & 1);
            x++;
        }
    }

    /** Bits of the row's sum after the group, from those before. */
    long end(long sum, int scale) {
        return SUMS.add(sum, FloatFormat.BINARY32.encode(Math.scalb((double) (scale * a), x)));
    }

    /**
     * Greatest error of a row's sum.
     *
     * @param magnitudes of each group scale times the sum of |activation x term|
     * @param cycles of each group
     */
    static double bound(double[] magnitudes, int[] cycles) {
        double error = 0;
        double all = 0;
        for (int g = 0; g < cycles.length; g++) {
            error += magnitudes[g] * (3 * 0x1p-13 + cycles[g] * 0x1p-20);
            all += magnitudes[g];
        }
        return error + 2 * (cycles.length + 1) * 0x1p-24 * all;
    }

    private static boolean active(long half, SerialTerm term) {
        if ((half & 0x7C00) == 0x7C00) {
            throw new IllegalArgumentException("activation %04x is not finite".formatted(half));
        }
        return term.one() && significand(half) != 0;
    }

    private static int exponent(long half) {
        return Math.max(1, (int) (half >> 10 & 31));
    }

    private static long significand(long half) {
        return half & 0x3FF | ((half & 0x7C00) == 0 ? 0 : 0x400);
    }

    /** Shifted down towards minus infinity, with a last bit that is also 1 if a 1 was lost. */
    private static long sticky(long value, int distance) {
        int by = Math.min(distance, 62);
        return value >> by | ((value & (1L << by) - 1) != 0 ? 1 : 0);
    }
}
