// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

/**
 * Data type of the weights of one group (BitMoD, table IV). A floating-point type has a special value where minus zero would be: one
 * that refines the grid (ER) or one that widens it to one side (EA). Its values are counted in halves, so that all are integers.
 *
 * <pre>
 *   FP3   0, +-1, +-2, +-4                            special -3 or +3 (ER), -6 or +6 (EA)
 *   FP4   0, +-0.5, +-1, +-1.5, +-2, +-3, +-4, +-6    special -5 or +5 (ER), -8 or +8 (EA)
 *   INTb  -2^(b-1) .. 2^(b-1)-1                       two's complement
 * </pre>
 *
 * <p>A code of a floating-point type is sign (most significant bit) and index into the magnitudes above, by size.
 */
public enum SerialType {
    FP3_ER_POSITIVE(3, 6),
    FP3_ER_NEGATIVE(3, -6),
    FP3_EA_POSITIVE(3, 12),
    FP3_EA_NEGATIVE(3, -12),
    FP4_ER_POSITIVE(4, 10),
    FP4_ER_NEGATIVE(4, -10),
    FP4_EA_POSITIVE(4, 16),
    FP4_EA_NEGATIVE(4, -16),
    INT3(3, 0),
    INT4(4, 0),
    INT5(5, 0),
    INT6(6, 0),
    INT7(7, 0),
    INT8(8, 0);

    private static final int[] FP3 = {0, 2, 4, 8};
    private static final int[] FP4 = {0, 1, 2, 3, 4, 6, 8, 12};

    private final int bits;
    private final int special;

    SerialType(int bits, int special) {
        this.bits = bits;
        this.special = special;
    }

    /** The integer type of 3 to 8 bits. */
    public static SerialType integer(int bits) {
        if (bits < 3 || bits > 8) {
            throw new IllegalArgumentException("integers of 3 to 8 bits, not " + bits);
        }
        return values()[INT3.ordinal() + bits - 3];
    }

    /** Bits of a code. */
    public int bits() {
        return bits;
    }

    /** Whether values are counted in halves. */
    public boolean isFloat() {
        return special != 0;
    }

    /** The special value in halves; 0 for integers. */
    public int special() {
        return special;
    }

    /** Terms of a weight, and so cycles of four weights: 2 for at most four bits, 3 for five and six, 4 for eight. */
    public int terms() {
        return (bits + 1) / 2;
    }

    /**
     * The value of a code: halves for floating point, else the integer.
     *
     * @param code unsigned, below 2^bits
     */
    public int value(int code) {
        if (code < 0 || code >> bits != 0) {
            throw new IllegalArgumentException("code " + code + " of " + this);
        }
        int sign = 1 << bits - 1;
        if (!isFloat()) {
            return (code ^ sign) - sign;
        }
        if (code == sign) {
            return special;
        }
        int magnitude = (bits == 3 ? FP3 : FP4)[code & sign - 1];
        return (code & sign) == 0 ? magnitude : -magnitude;
    }

    /** Largest magnitude of a floating-point type, in halves; of an integer type that of its largest value. */
    public int largest() {
        int largest = isFloat() ? bits == 3 ? 8 : 12 : (1 << bits - 1) - 1;
        return Math.max(largest, Math.abs(special));
    }
}
