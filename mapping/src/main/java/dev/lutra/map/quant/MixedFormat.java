// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.machine.TypedCodes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How weights are quantised for the bit-serial engine. */
public enum MixedFormat implements LayerFormat {
    /** BitMoD with 3 bits: of each group the best of four types, FP3 with one special value. */
    BITMOD3(3, false),
    /** BitMoD with 4 bits: of each group the best of four types, FP4 with one special value. */
    BITMOD4(4, false),
    /** Codes -3 .. 3. */
    INT3_SYM(3, false),
    /** Codes -7 .. 7. */
    INT4_SYM(4, false),
    /** Codes -15 .. 15. */
    INT5_SYM(5, false),
    /** Codes -31 .. 31. */
    INT6_SYM(6, false),
    /** Codes -63 .. 63. */
    INT7_SYM(7, false),
    /** Codes -127 .. 127. */
    INT8_SYM(8, false),
    /** Eight codes from the smallest to the largest weight of a group, and a zero point. */
    INT3_ASYM(3, true),
    /** Sixteen codes, the same way. */
    INT4_ASYM(4, true),
    /** 32 codes, the same way. */
    INT5_ASYM(5, true),
    /** 64 codes, the same way. */
    INT6_ASYM(6, true),
    /** 128 codes, the same way. */
    INT7_ASYM(7, true),
    /** 256 codes, the same way. */
    INT8_ASYM(8, true);

    private final int bits;
    private final boolean asymmetric;

    MixedFormat(int bits, boolean asymmetric) {
        this.bits = bits;
        this.asymmetric = asymmetric;
    }

    /** Bits of a code. */
    public int bits() {
        return bits;
    }

    /** Three bits of floating point are four with a zero appended, in memory and to the engine. */
    @Override
    public int planes() {
        return isFloat() ? BITMOD4.bits : bits;
    }

    @Override
    public int zeroPoint() {
        return isFloat() ? TypedCodes.FLOATS : asymmetric ? TypedCodes.OFFSETS : 1;
    }

    boolean isAsymmetric() {
        return asymmetric;
    }

    boolean isFloat() {
        return this == BITMOD3 || this == BITMOD4;
    }

    /** The format of that {@link #optionName()}, in any case; empty if there is none. */
    public static Optional<MixedFormat> named(String optionName) {
        return Arrays.stream(values())
                .filter(f -> f.optionName().equalsIgnoreCase(optionName))
                .findFirst();
    }

    /** The name the command line uses: {@code bitmod4}, {@code int4-asym}. */
    @Override
    public String optionName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
