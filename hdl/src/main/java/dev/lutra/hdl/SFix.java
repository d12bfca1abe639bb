// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** A signed fixed-point number, two's complement: -2^(i-1) to 2^(i-1) - 2^-f in steps of 2^-f. */
public final class SFix extends Fixed<SFix> {
    SFix(int integerBits, int fractionBits) {
        super(Types.fixed(true, integerBits, fractionBits));
    }

    @Override
    SFix format(int integerBits, int fractionBits) {
        return new SFix(integerBits, fractionBits);
    }

    /** The raw integer: the same bits without the point. */
    public SInt raw() {
        return asSInt();
    }

    /** The sign bit. */
    public Bool isNegative() {
        return bit(width() - 1);
    }

    /** Magnitude, unsigned, i integer bits, f fraction bits (that of the least value fits). */
    public UFix abs() {
        var magnitude = Session.part(() -> {
            var grown = Hdl.mux(isNegative(), neg(), this);
            return Build.unary(Op.TRUNCATE, grown, ofWidth(width()));
        });
        return Build.unary(Op.REINTERPRET, magnitude, new UFix(integerBits(), fractionBits()));
    }
}
