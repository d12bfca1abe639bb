// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/**
 * A number as the sum of two, modulo 2^width: adding to it costs no carry propagation. The pair has no sign: resolve it before
 * extending it.
 */
public final class CarrySave extends Bundle {
    public final UInt sum;
    public final UInt carry;

    /** @param width bits of each of the two */
    public CarrySave(int width) {
        sum = field(uint(width));
        carry = field(uint(width));
    }

    /** The number, by a carry-propagate adder. */
    public UInt resolve() {
        return sum.wrapAdd(carry);
    }
}
