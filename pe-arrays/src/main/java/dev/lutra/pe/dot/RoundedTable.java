// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.lib.fp.FloatArithmetic;
import dev.lutra.hdl.lib.fp.FloatFormat;

/**
 * Table lookup of FP16 activations with FP16 entries, one rounding per entry, and floating-point sums; step by step, the functional model of {@link HalfTableArray}. Tables
 * are those of LUT Tensor Core (arXiv 2408.06003, section 3), their sum is that of {@link FusedDot}.
 *
 * <ol>
 *   <li>Activations are finite binary16 numbers. Subnormal numbers are kept.
 *   <li>Entry i of G activations: U[i] = binary16(a[G-1] + sum over k &lt; G-1 of (bit k of i ? -a[k] : +a[k])): the exact sum, <b>rounded once</b>, to nearest, ties to even. A
 *       sum of 65520 or more has no such number and is not to come.
 *   <li>A lookup is U[i] or its negative: (-1)^s m 2^(e-25), m of 11 bits, e at least 1.
 *   <li>X is the greatest e of the slot's T lookups, zeros counted. Aligned, towards zero: floor(m 2^(B-11) / 2^(X-e)), of B bits; then its sign.
 *   <li>Their sum S is exact; r = binary32(S 2^(X-14-B+p)) for plane p of the weights, to nearest, ties to even.
 *   <li>The column's sum, a binary32 number: RNE(start + r) in the first slot, RNE(sum + r) in each further one.
 * </ol>
 *
 * @param g activations per table
 * @param bits B, 11..24
 */
public record RoundedTable(int g, int bits) {

    private static final FloatArithmetic SUMS = new FloatArithmetic(FloatFormat.BINARY32);

    public RoundedTable {
        if (bits < 11 || bits > 24) throw new IllegalArgumentException("aligned lookups of " + bits + " bits: 11..24");
    }

    /**
     * Bits of an entry.
     *
     * @param group binary16 activations of the table
     */
    public long entry(long[] group, int index) {
        double sum = FloatFormat.BINARY16.decode(group[g - 1]);
        for (int k = 0; k < g - 1; k++) {
            double a = FloatFormat.BINARY16.decode(group[k]);
            // Exact: all are multiples of 2^-24 below 2^19. What remains of equal numbers is +0, as in integers.
            sum += (index >> k & 1) == 1 ? -a : a;
        }
        return FloatFormat.BINARY16.encode(sum + 0.0);
    }

    /** Bits of the sum after a slot, from those of the sum before: of the start, in a first slot. */
    public long slot(long before, long[] lookups, int plane) {
        int most = 1;
        for (long lookup : lookups) most = Math.max(most, (int) (lookup >> 10 & 31));
        long sum = 0;
        for (long lookup : lookups) {
            int e = Math.max(1, (int) (lookup >> 10 & 31));
            long m = lookup & 0x3FF | ((lookup & 0x7C00) == 0 ? 0 : 0x400);
            long aligned = m << bits - 11 >> most - e;
            sum += (lookup & 0x8000) == 0 ? aligned : -aligned;
        }
        long r = FloatFormat.BINARY32.encode(Math.scalb((double) sum, most - 14 - bits + plane));
        return SUMS.add(before, r);
    }
}
