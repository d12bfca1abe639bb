// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.lib.fp.FloatArithmetic;
import dev.lutra.hdl.lib.fp.FloatFormat;

/**
 * The arithmetic of {@link HalfMacArray}, step by step; its functional model. It is that of matrix units of graphics processors (M. Fasi, N. J. Higham, M. Mikaitis and S.
 * Pranesh, Numerical behavior of NVIDIA tensor cores, PeerJ Computer Science, 2021): products exact, aligned to the greatest and cut off, summed exactly, rounded once.
 *
 * <ol>
 *   <li>A finite binary16 number is (-1)^s m 2^(e-25), m of 11 bits, e at least 1. Subnormal numbers are kept.
 *   <li>Product of lane k: P = m_a m_w, of 22 bits, E = e_a + e_w. Emax is the greatest E of the slot's lanes, zeros counted.
 *   <li>Aligned, towards zero: floor(4 P / 2^(Emax-E)), of 24 bits; then its sign.
 *   <li>Their sum S is exact; r = binary32(S 2^(Emax-52)), to nearest, ties to even.
 *   <li>The column's sum, a binary32 number: r in the first slot, RNE(sum + r) in each further one.
 * </ol>
 */
public final class FusedDot {
    private static final FloatArithmetic SUMS = new FloatArithmetic(FloatFormat.BINARY32);

    private FusedDot() {}

    /** Bits of the sum after a slot, from those of the sum before. */
    public static long slot(boolean first, long before, long[] activations, long[] weights) {
        int most = 2;
        for (int k = 0; k < activations.length; k++) {
            most = Math.max(most, exponent(activations[k]) + exponent(weights[k]));
        }
        long sum = 0;
        for (int k = 0; k < activations.length; k++) {
            int distance = most - exponent(activations[k]) - exponent(weights[k]);
            long aligned = 4 * significand(activations[k]) * significand(weights[k]) >> distance;
            sum += ((activations[k] ^ weights[k]) & 0x8000) == 0 ? aligned : -aligned;
        }
        long rounded = FloatFormat.BINARY32.encode(Math.scalb((double) sum, most - 52));
        return first ? rounded : SUMS.add(before, rounded);
    }

    private static int exponent(long half) {
        return Math.max(1, (int) (half >> 10 & 31));
    }

    private static long significand(long half) {
        return half & 0x3FF | ((half & 0x7C00) == 0 ? 0 : 0x400);
    }
}
