// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;

/** a b. The significands' exact product is normalised and rounded. 0 times infinity is NaN. */
public final class FloatMultiplier extends FloatUnit {

    /** Most pipeline stages. */
    public static final int MAX_STAGES = 1 + ROUNDING_PLACES;

    /**
     * @param operands format of a and b
     * @param format of the result; with at least twice the bits of an operand's significand and a wider exponent the product is exact
     * @param stages cycles from operands to result, 0..{@link #MAX_STAGES}
     */
    public record Params(FloatFormat operands, FloatFormat format, int stages) {

        /** A result of the operands' format. */
        public Params(FloatFormat format, int stages) {
            this(format, format, stages);
        }
    }

    public final Bits a;
    public final Bits b;
    public final Bits result;

    public FloatMultiplier(Params p) {
        super(p, MAX_STAGES, p.stages());
        var from = p.operands();
        var to = p.format();
        doc("Product of two floating-point numbers of %d exponent and %d fraction bits in %d and %d, %d cycles later."
                .formatted(from.exponentBits(), from.fractionBits(), to.exponentBits(), to.fractionBits(), p.stages()));
        a = in(bits(from.width()));
        b = in(bits(from.width()));
        result = out(bits(to.width()));

        var x = FloatParts.of(from, a);
        var y = FloatParts.of(from, b);
        var product = at(0, x.significand().mul(y.significand()));
        int offset = to.bias() - 2 * from.bias() + 1;
        var top = at(0, x.exponent().add(y.exponent()).toSInt().add(offset));
        var infinite = x.infinite().or(y.infinite());
        var nan = x.nan()
                .or(y.nan())
                .or(x.infinite().and(y.significand().orR().not()))
                .or(y.infinite().and(x.significand().orR().not()));
        result.set(round(to, at(0, x.sign().xor(y.sign())), top, product, at(0, infinite), at(0, nan), 2 + offset < 1));
    }
}
