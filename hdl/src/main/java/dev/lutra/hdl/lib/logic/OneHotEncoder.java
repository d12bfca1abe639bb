// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/** The number of the only bit that is 1, by one OR per bit of the number. Combinational. */
public final class OneHotEncoder extends Module {

    /** @param width bits to look at, at least 2 */
    public record Params(int width) {}

    public final Bits oneHot;

    /** Of no bits 0, of several the OR of their numbers. */
    public final UInt index;

    public OneHotEncoder(int width) {
        super(new Params(width));
        doc("The number of the only one of " + width + " bits that is 1.");
        oneHot = in(bits(width));
        index = out(uint(PriorityEncoder.indexBits(width)));
        List<Bool> number = new ArrayList<>();
        for (int bit = index.width() - 1; bit >= 0; bit--) {
            List<Bool> with = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                if ((i >>> bit & 1) != 0) {
                    with.add(oneHot.bit(i));
                }
            }
            number.add(cat(with).orR());
        }
        index.set(cat(number).asUInt());
    }
}
