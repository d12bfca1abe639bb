// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;

/** Scales of the group that a slot ends. Sampled with {@link LutControl#groupLast}. */
public final class LutScale extends Bundle {

    /** The group is scaled; otherwise its sums enter the results as they are. */
    public final Bool valid = field(Hdl.bool());

    /** Unsigned scale of column n at bit {@code 8 n}. */
    public final Bits values;

    LutScale(int n) {
        values = field(Hdl.bits(8 * n));
    }
}
