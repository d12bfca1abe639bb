// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** An unsigned fixed-point number: 0 to 2^i - 2^-f in steps of 2^-f. */
public final class UFix extends Fixed<UFix> {
    UFix(int integerBits, int fractionBits) {
        super(Types.fixed(false, integerBits, fractionBits));
    }

    @Override
    UFix format(int integerBits, int fractionBits) {
        return new UFix(integerBits, fractionBits);
    }

    /** The raw integer: the same bits without the point. */
    public UInt raw() {
        return asUInt();
    }

    /** The same value as a signed number, i + 1 integer bits, f fraction bits. */
    public SFix toSFix() {
        int integerBits = integerBits() + 1;
        var extended = Session.part(() -> saturate(integerBits));
        return Build.unary(Op.REINTERPRET, extended, new SFix(integerBits, fractionBits()));
    }
}
