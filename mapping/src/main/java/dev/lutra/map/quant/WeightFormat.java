// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.machine.WeightType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A low-bit weight format of the integer engine. A weight is a small integer code times a scale. */
public enum WeightFormat implements LayerFormat {
    /** Codes -1 and +1; there is no zero. */
    INT1(WeightType.INT1),
    /** Codes -1 .. +1, symmetric. */
    INT2(WeightType.INT2),
    /** Codes -3 .. +3, symmetric. */
    INT3(WeightType.INT3),
    /** Codes -7 .. +7, symmetric. */
    INT4(WeightType.INT4),
    /** Codes -15 .. +15, symmetric. */
    INT5(WeightType.INT5),
    /** Codes -31 .. +31, symmetric. */
    INT6(WeightType.INT6),
    /** Codes -63 .. +63, symmetric. */
    INT7(WeightType.INT7),
    /** Codes -127 .. +127, symmetric. */
    INT8(WeightType.INT8),
    /** Codes -1, 0, +1 in two planes, with the scale of BitNet b1.58 (mean magnitude). */
    TERNARY(WeightType.TERNARY);

    private final WeightType type;

    WeightFormat(WeightType type) {
        this.type = type;
    }

    /** Symmetric integer format of 1 to 8 bits. */
    public static WeightFormat ofBits(int bits) {
        if (bits < 1 || bits > 8) {
            throw new IllegalArgumentException(bits + " bits per weight: 1 to 8 are possible");
        }
        return values()[bits - 1];
    }

    /** Stored bits per weight: the number of bit planes W. */
    @Override
    public int planes() {
        return type.bits();
    }

    /** Largest code; the smallest is its negative. */
    public int maxCode() {
        return this == INT1 || this == TERNARY ? 1 : (1 << (planes() - 1)) - 1;
    }

    /** Whether {@code code} is one of this format's. */
    public boolean isCode(int code) {
        return Math.abs(code) <= maxCode() && !(this == INT1 && code == 0);
    }

    /** Zero point z' of the bipolar form: sum a w = (sum a q' - z' sum a) / 2, or sum a q' for INT1 (reference: LUT tensor core, arXiv 2408.06003, eq. 1-3). */
    @Override
    public int zeroPoint() {
        return type.zeroPoint();
    }

    /** The format of that {@link #optionName()}, in any case; empty if there is none. */
    public static Optional<WeightFormat> named(String optionName) {
        return Arrays.stream(values())
                .filter(f -> f.optionName().equalsIgnoreCase(optionName))
                .findFirst();
    }

    /** The name the command line uses: {@code int4}, {@code ternary}. */
    @Override
    public String optionName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
