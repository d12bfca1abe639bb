// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;

/**
 * A signed number as digits of radix 4 from -2 to 2, half as many as it has bits: value = sum of digit(i) * 4^i (MacSorley, "High-speed
 * arithmetic in binary computers", Proceedings of the IRE, 1961). Combinational. Give an unsigned number as a signed one with a bit more.
 */
public final class BoothEncoder extends Module {

    /** @param width bits of the number */
    public record Params(int width) {}

    public final SInt value;
    public final Vec<BoothDigit> digits;

    /** Digits of a number of so many bits. */
    public static int digits(int width) {
        return (width + 1) / 2;
    }

    public BoothEncoder(int width) {
        super(new Params(width));
        doc("Booth digits of radix 4, the least significant first.");
        value = in(sint(width));
        digits = out(vec(digits(width), i -> new BoothDigit()));
        for (int i = 0; i < digits.size(); i++) {
            Bool below = i == 0 ? lit(false) : value.bit(2 * i - 1);
            Bool low = value.bit(2 * i);
            Bool high = value.bit(Math.min(2 * i + 1, width - 1));
            BoothDigit digit = digits.get(i);
            digit.one.set(low.xor(below));
            digit.two.set(high.xor(low).and(low.xor(below).not()));
            digit.negative.set(high.and(low.and(below).not()));
        }
    }
}
