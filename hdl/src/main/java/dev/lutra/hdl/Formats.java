// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** What messages say of fixed-point formats. */
final class Formats {
    private Formats() {}

    /** What a value would lose in a narrower format. */
    static String lost(Fixed<?> from, Fixed<?> to) {
        int integers = from.integerBits() - to.integerBits();
        int fractions = from.fractionBits() - to.fractionBits();
        String before = integers > 0 ? bits(integers) + " before the point" : "";
        String after = fractions > 0 ? bits(fractions) + " after the point" : "";
        return before + (integers > 0 && fractions > 0 ? " and " : "") + after;
    }

    /** The words that say how to lose it. */
    static String hint(Fixed<?> from, Fixed<?> to) {
        boolean rounds = from.fractionBits() > to.fractionBits();
        String round = rounds ? "round(" + to.fractionBits() + ", Rounding.HALF_EVEN)" : "";
        boolean narrows = from.integerBits() + (rounds ? 1 : 0) > to.integerBits();
        String saturate = narrows ? (rounds ? "." : "") + "saturate(" + to.integerBits() + ")" : "";
        return "say what is meant: " + round + saturate
                + (rounds ? "; other roundings are FLOOR, TOWARDS_ZERO, HALF_UP, HALF_AWAY" : "")
                + (narrows ? (rounds ? ", " : "; ") + "wrap() cuts integer bits off" : "");
    }

    /** How a value becomes one of another kind, where one of the two is fixed point. */
    static String kindHint(Ground value, Ground target) {
        if (!(target instanceof Fixed<?>)) {
            return "use raw() (same bits), or round(0, Rounding.HALF_EVEN).raw() if the nearest integer is meant";
        }
        boolean signed = target instanceof SFix;
        if (value instanceof UFix) {
            return "use toSFix() (same value, one bit more)";
        }
        if (value instanceof SFix) {
            return "use abs(), or raw().asUInt().asUFix(f) for the same bits";
        }
        if (signed) {
            return value instanceof SInt ? "use asSFix(0) (same value)" : "use asSInt().asSFix(f)";
        }
        return value instanceof UInt ? "use asUFix(0) (same value)" : "use asUInt().asUFix(f)";
    }

    private static String bits(int count) {
        return count + (count == 1 ? " bit" : " bits");
    }
}
