// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A number as bits of which only that one is 1. Combinational. */
public final class OneHotDecoder extends Module {

    /** @param width bits to set one of, at least 2 */
    public record Params(int width) {}

    /** Beyond the width, no bit is 1. */
    public final UInt index;

    public final Bits oneHot;

    public OneHotDecoder(int width) {
        super(new Params(width));
        doc("Bit 'index' of " + width + " is 1.");
        index = in(uint(PriorityEncoder.indexBits(width)));
        oneHot = out(bits(width));
        oneHot.set(lit(1, width).shlWrap(index).asBits());
    }
}
