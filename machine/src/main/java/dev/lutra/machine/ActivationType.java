// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * What a matrix engine takes for activations: signed integers of 2 to 8 bits, symmetric, so that the smallest code is left out. In memory each
 * is a byte, sign-extended; an engine of fewer bits leaves the upper ones alone.
 */
public enum ActivationType {
    INT2(2),
    INT3(3),
    INT4(4),
    INT5(5),
    INT6(6),
    INT7(7),
    INT8(8);

    private final int bits;

    ActivationType(int bits) {
        this.bits = bits;
    }

    /** The type of so many bits, 2..8. */
    public static ActivationType ofBits(int bits) {
        return values()[bits - 2];
    }

    /** Bits of an activation. */
    public int bits() {
        return bits;
    }

    /** Largest value; the smallest is its negative. */
    public int largest() {
        return (1 << (bits - 1)) - 1;
    }
}
