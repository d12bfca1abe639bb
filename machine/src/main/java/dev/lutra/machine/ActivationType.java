// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * What a matrix engine takes for activations. Integers are signed, of 2 to 8 bits or of 16, and symmetric, so that the smallest code is left out. In memory
 * each is a byte, sign-extended, or two of them, little endian; an engine of fewer bits leaves the upper ones alone. {@link #FP16} are finite binary16 numbers,
 * two bytes, little endian; the hardware makes integers of them.
 */
public enum ActivationType {
    INT2(2),
    INT3(3),
    INT4(4),
    INT5(5),
    INT6(6),
    INT7(7),
    INT8(8),
    INT16(16),

    /**
     * Under the greatest exponent of their row, X, which the hardware finds while it loads the row, an activation {@code (-1)^s m 2^(e-25)} counts as the
     * integer {@code (-1)^s RNE(16 m / 2^(X-e))} of 16 bits, in units of {@code 2^(X-29)}. A row is never cut: it has one exponent for all of a reduction.
     */
    FP16(16, 0, "f16", 0x7FF << 4);

    private final int bits;
    private final int code;
    private final String text;
    private final int largest;

    /** Integers. */
    ActivationType(int bits) {
        this(bits, bits - 1, "i" + bits, (1 << bits - 1) - 1);
    }

    ActivationType(int bits, int code, String text, int largest) {
        this.bits = bits;
        this.code = code;
        this.text = text;
        this.largest = largest;
    }

    /**
     * The integers of so many bits.
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

    /**
     * The type of that {@link #code()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ActivationType ofCode(int code) {
        for (ActivationType type : values()) {
            if (type.code() == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("activation type %d does not exist".formatted(code));
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

    /** Largest integer that an engine adds up; the smallest is its negative. */
    public int largest() {
        return largest;
    }

    /** As in the name of an MX instruction: {@code i8}, {@code f16}. */
    public String text() {
        return text;
    }

    /** As in an MX instruction: bits - 1 of integers, or a code that these leave free. */
    public int code() {
        return code;
    }
}
