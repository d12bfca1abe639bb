// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

/** Integer logarithms for address and counter widths. */
final class Log2 {

    private Log2() {}

    /** The exponent of a power of two. */
    static int exact(int value) {
        if (Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(value + " is not a power of two");
        }
        return Integer.numberOfTrailingZeros(value);
    }

    /** Bits that hold every value from 0 to {@code value}. */
    static int bitsFor(int value) {
        return 32 - Integer.numberOfLeadingZeros(Math.max(value, 1));
    }
}
