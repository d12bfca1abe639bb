// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * What a matrix engine takes for activations: signed integers of 2 to 8 bits or of 16, symmetric, so that the smallest code is left out. In memory each
 * is a byte, sign-extended, or two of them, little endian; an engine of fewer bits leaves the upper ones alone.
 */
public enum ActivationType {
    INT2(2),
    INT3(3),
    INT4(4),
    INT5(5),
    INT6(6),
    INT7(7),
    INT8(8),
    INT16(16);

    private final int bits;

    ActivationType(int bits) {
        this.bits = bits;
    }

    /**
     * The type of so many bits.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ActivationType ofBits(int bits) {
        for (ActivationType type : values()) {
            if (type.bits == bits) {
                return type;
            }
        }
        throw new IllegalArgumentException("there are no activations of %d bits".formatted(bits));
    }

    /** An activation as it lies in memory, in one byte or two. */
    public static int at(byte[] memory, int first, int bytes) {
        return bytes == 1 ? memory[first] : memory[first] & 0xff | memory[first + 1] << Byte.SIZE;
    }

    /** Writes an activation as it lies in memory, in one byte or two. */
    public static void put(int activation, byte[] memory, int first, int bytes) {
        for (int i = 0; i < bytes; i++) {
            memory[first + i] = (byte) (activation >> Byte.SIZE * i);
        }
    }

    /** Bytes of an activation in memory. */
    public int bytes() {
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
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
