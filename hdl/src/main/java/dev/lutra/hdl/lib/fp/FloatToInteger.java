// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;

/**
 * The integer nearest to a number, ties to even, or the one towards zero. Out of range it is the least or greatest one of its width, of a NaN 0, as Java
 * casts.
 */
public final class FloatToInteger extends FloatUnit {

    /** Most pipeline stages. */
    public static final int MAX_STAGES = 2;

    /**
     * @param format of the operand
     * @param integerBits width of the result, 2..53
     * @param towardsZero rather than to the nearest
     * @param stages cycles from operand to result, 0..{@link #MAX_STAGES}
     */
    public record Params(FloatFormat format, int integerBits, boolean towardsZero, int stages) {
        public Params {
            if (integerBits < 2 || integerBits > 53)
                throw new IllegalArgumentException("an integer of " + integerBits + " bits: 2..53");
        }
    }

    public final Bits a;
    public final SInt result;

    public FloatToInteger(Params p) {
        super(p, MAX_STAGES, p.stages());
        var format = p.format();
        int n = p.integerBits();
        doc("Floating-point numbers of %d exponent and %d fraction bits to integers of %d bits%s, %d cycles later."
                .formatted(
                        format.exponentBits(),
                        format.fractionBits(),
                        n,
                        p.towardsZero() ? ", towards zero" : "",
                        p.stages()));
        a = in(bits(format.width()));
        result = out(sint(n));
        var x = FloatParts.of(format, a);
        // The leading bit stands for 2^(n-1) if nothing is shifted; the integer's n bits are followed by at least two.
        int width = Math.max(n, format.fractionBits() + 1) + 2;
        var significand = Hdl.cat(x.significand(), Hdl.lit(0, width - format.fractionBits() - 1))
                .asUInt();
        var distance = Hdl.slit(n - 1 + format.bias()).sub(x.exponent().toSInt());
        var beyond = at(0, distance.lt(0).or(x.infinite()));
        var shifted = at(0, Shifts.rightSticky(significand, distance.asUInt().truncate(distance.width() - 1)));
        var sign = at(0, x.sign());
        var nan = at(0, x.nan());

        var whole = shifted.bits(width - 1, width - n);
        var half = shifted.bit(width - n - 1);
        var up = half.and(shifted.bits(width - n - 2, 0).orR().or(whole.bit(0)));
        var rounded =
                p.towardsZero() ? whole.extend(n + 1) : whole.add(Hdl.cat(up).asUInt());
        // The least integer is its own bound.
        var over = beyond.or(rounded.bit(n)).or(rounded.bit(n - 1));
        var negated = rounded.truncate(n).not().wrapAdd(1);
        var signed = mux(sign, negated, rounded.truncate(n)).asSInt();
        var bound = Hdl.cat(sign, Hdl.fill(n - 1, sign.not())).asSInt();
        result.set(at(1, mux(nan, Hdl.slit(0, n), mux(over, bound, signed))));
    }
}
