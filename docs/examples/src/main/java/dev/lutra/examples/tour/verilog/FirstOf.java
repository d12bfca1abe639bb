// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** The number of the lowest 1. */
public final class FirstOf extends Module {
    public final Bits request = in(bits(4));
    public final UInt index = out(uint(2));
    public final Bool any = out(bool());

    public FirstOf() {
        any.set(true);
        index.set(0);
        when(request.bit(0), () -> index.set(0))
                .elseWhen(request.bit(1), () -> index.set(1))
                .elseWhen(request.bit(2), () -> index.set(2))
                .elseWhen(request.bit(3), () -> index.set(3))
                .otherwise(() -> any.set(false));
    }
}
