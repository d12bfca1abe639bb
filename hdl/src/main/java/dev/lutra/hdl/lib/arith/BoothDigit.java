// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;

/** A digit from -2 to 2. Zero is never negative. */
public final class BoothDigit extends Bundle {
    public final Bool negative = field(bool());

    /** The magnitude is 1. */
    public final Bool one = field(bool());

    /** The magnitude is 2. */
    public final Bool two = field(bool());

    /**
     * The digit times a number, less one where it is negative: a negative multiple is the complement, and the one that makes it the
     * two's complement is {@link #negative}, to be added at the digit's place.
     *
     * @return one bit wider than the number
     */
    Bits select(SInt number) {
        int width = number.width() + 1;
        Bits single = Hdl.fill(width, one).and(number.extend(width).asBits());
        Bits doubled = Hdl.fill(width, two).and(number.shl(1).asBits());
        return single.or(doubled).xor(Hdl.fill(width, negative));
    }
}
