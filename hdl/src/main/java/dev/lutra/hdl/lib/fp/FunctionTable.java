// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import java.util.function.DoubleUnaryOperator;

/**
 * Parabolas for 2^y, 1 / (1 + y), 1 / sqrt(1 + y) and 1 / sqrt(2 (1 + y)) in that order, each over 128 segments of 0 &lt;= y &lt; 1.
 *
 * <p>With the distance u from the middle of a segment the parabola is c0 + c1 u + c2 u^2. It goes through the function at the Chebyshev nodes of the
 * segment, u = 0 and u = +-sqrt(3)/2 2^-8; coefficients are computed in binary64 and rounded to multiples of 2^-28, 2^-20 and 2^-12, ties to even.
 */
final class FunctionTable {
    /** Segments of one function. */
    static final int SEGMENTS = 128;

    /** Words: four times {@link #SEGMENTS}. */
    static final int WORDS = 4 * SEGMENTS;

    /** Bits of c0, multiples of 2^-28, positive. */
    static final int C0_BITS = 29;

    /** Bits of c1, multiples of 2^-20, two's complement. */
    static final int C1_BITS = 22;

    /** Bits of c2, multiples of 2^-12, positive. */
    static final int C2_BITS = 12;

    private static final int[] C0 = new int[WORDS];
    private static final int[] C1 = new int[WORDS];
    private static final int[] C2 = new int[WORDS];

    static {
        fill(0, y -> StrictMath.pow(2, y));
        fill(1, y -> 1 / (1 + y));
        fill(2, y -> 1 / StrictMath.sqrt(1 + y));
        fill(3, y -> 1 / StrictMath.sqrt(2 * (1 + y)));
    }

    private FunctionTable() {}

    private static void fill(int part, DoubleUnaryOperator function) {
        double node = StrictMath.sqrt(3) / 2 / (2 * SEGMENTS);
        for (int i = 0; i < SEGMENTS; i++) {
            double middle = (i + 0.5) / SEGMENTS;
            double at = function.applyAsDouble(middle);
            double below = function.applyAsDouble(middle - node);
            double above = function.applyAsDouble(middle + node);
            int word = part * SEGMENTS + i;
            C0[word] = (int) Math.rint(at * 0x1p28);
            C1[word] = (int) Math.rint((above - below) / (2 * node) * 0x1p20);
            C2[word] = (int) Math.rint((above + below - 2 * at) / (2 * node * node) * 0x1p12);
        }
    }

    static int c0(int word) {
        return C0[word];
    }

    static int c1(int word) {
        return C1[word];
    }

    static int c2(int word) {
        return C2[word];
    }
}
