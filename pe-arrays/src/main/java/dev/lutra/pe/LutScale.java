// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;

/**
 * Scales of a group. Sampled with the slot that ends it, {@link LutControl#groupLast}; where the packing is stepwise, with the one that starts
 * it, {@link LutControl#groupFirst}.
 */
public final class LutScale extends Bundle {

    /** The group is scaled; otherwise its sums enter the results as they are. */
    public final Bool valid = field(Hdl.bool());

    /** Column n's part: its unsigned scale of 8 bits, and its mark above that where the packing has marks. */
    public final Bits values;

    LutScale(int bits) {
        values = field(Hdl.bits(bits));
    }
}
