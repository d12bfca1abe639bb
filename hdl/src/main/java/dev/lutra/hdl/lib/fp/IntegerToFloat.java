// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;

/** The number nearest to a two's complement integer, which may be scaled by a power of two: a 2^scale, rounded once. */
public final class IntegerToFloat extends FloatUnit {

    /** Most pipeline stages. */
    public static final int MAX_STAGES = 1 + ROUNDING_PLACES;

    /**
     * @param integerBits width of the operand, 2..64
     * @param scaleBits width of the scale, 2..12, or 0 for none
     * @param format of the result
     * @param stages cycles from operand to result, 0..{@link #MAX_STAGES}
     */
    public record Params(int integerBits, int scaleBits, FloatFormat format, int stages) {
        public Params {
            if (integerBits < 2 || integerBits > 64)
                throw new IllegalArgumentException("an integer of " + integerBits + " bits: 2..64");
            if (scaleBits != 0 && (scaleBits < 2 || scaleBits > 12))
                throw new IllegalArgumentException("a scale of " + scaleBits + " bits: 0, 2..12");
        }

        /** Without a scale. */
        public Params(int integerBits, FloatFormat format, int stages) {
            this(integerBits, 0, format, stages);
        }
    }

    public final SInt a;

    /** Power of two that the operand is multiplied by, of one bit and not looked at if there is none. */
    public final SInt scale;

    public final Bits result;

    public IntegerToFloat(Params p) {
        super(p, MAX_STAGES, p.stages());
        var format = p.format();
        doc("Integers of %d bits%s to floating point of %d exponent and %d fraction bits, %d cycles later."
                .formatted(
                        p.integerBits(),
                        p.scaleBits() == 0 ? "" : " times powers of two",
                        format.exponentBits(),
                        format.fractionBits(),
                        p.stages()));
        a = in(sint(p.integerBits()));
        scale = in(sint(Math.max(1, p.scaleBits())));
        result = out(bits(format.width()));
        int offset = format.bias() + p.integerBits() - 1;
        var top = at(0, p.scaleBits() == 0 ? Hdl.slit(offset) : scale.add(offset));
        boolean low = p.scaleBits() != 0 && offset - (1 << p.scaleBits() - 1) < 1;
        var no = Hdl.lit(false);
        result.set(round(format, at(0, a.lt(0)), top, at(0, a.abs()), no, no, low));
    }
}
