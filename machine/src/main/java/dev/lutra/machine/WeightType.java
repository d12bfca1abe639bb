// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * What the weights of an MX instruction are: integers of 1 to 8 bits, those of one bit being +-1, ternary, or FP4 codes with a special value per
 * group ({@link TypedCodes}). From it and the engine's packing follow the
 * passes over the steps of a group and z' of the weight code.
 */
public enum WeightType {
    INT1(1),
    INT2(2),
    INT3(3),
    INT4(4),
    INT5(5),
    INT6(6),
    INT7(7),
    INT8(8),
    TERNARY(2),
    FP4(4);

    private final int bits;

    WeightType(int bits) {
        this.bits = bits;
    }

    /**
     * The type of weights of so many planes.
     *
     * @param bits planes, 1..8
     * @param zeroPoint z' of their bipolar form: 1 for integers, -1 for ternary weights, 0 for +-1; or a kind of {@link TypedCodes}, of which
     *     integers with a zero point per group are integers to the instruction
     * @throws IllegalArgumentException if there is no such type
     */
    public static WeightType of(int bits, int zeroPoint) {
        for (WeightType type : values()) {
            if (type.bits == bits && type.zeroPoint() == (zeroPoint == TypedCodes.OFFSETS ? 1 : zeroPoint)) {
                return type;
            }
        }
        throw new IllegalArgumentException("there are no weights of %d planes with z' = %d".formatted(bits, zeroPoint));
    }

    /** Planes of a weight, 1..8. */
    public int bits() {
        return bits;
    }

    /** z' of the bipolar form: {@code 2 w = q' - z'}, and {@code w = q'} where it is 0; of FP4 {@link TypedCodes#FLOATS}. */
    public int zeroPoint() {
        return switch (this) {
            case TERNARY -> -1;
            case INT1 -> 0;
            case FP4 -> TypedCodes.FLOATS;
            default -> 1;
        };
    }

    /** As instructions have it: bits - 1, and 8 more for what are no integers. */
    public int code() {
        return this == TERNARY || this == FP4 ? 8 + bits - 1 : bits - 1;
    }

    /** {@code i1} to {@code i8}, {@code ternary} or {@code fp4}. */
    public String text() {
        return switch (this) {
            case TERNARY -> "ternary";
            case FP4 -> "fp4";
            default -> "i" + bits;
        };
    }
}
