// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;

/**
 * A number taken apart: (-1)^sign significand 2^(exponent - bias - fractionBits).
 *
 * @param exponent biased, 1 also for subnormal numbers
 * @param significand with its leading bit, 0 for subnormal numbers
 */
record FloatParts(Bool sign, UInt exponent, UInt significand, Bool infinite, Bool nan) {

    static FloatParts of(FloatFormat format, Bits number) {
        int f = format.fractionBits();
        int e = format.exponentBits();
        var field = number.bits(e + f - 1, f);
        var fraction = number.bits(f - 1, 0);
        var normal = field.orR();
        var special = field.andR();
        var rest = fraction.orR();
        return new FloatParts(
                number.bit(e + f),
                Hdl.cat(field.bits(e - 1, 1), field.bit(0).or(normal.not())).asUInt(),
                Hdl.cat(normal, fraction).asUInt(),
                special.andNot(rest),
                special.and(rest));
    }
}
