// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Counts while enabled. */
public final class Counter extends Module {
    public final Bool enable = in(bool());
    public final Bool clear = in(bool());
    public final UInt count = out(uint(8));

    public Counter() {
        var value = reg(uint(8)).init(0);
        when(clear, () -> value.set(0)).elseWhen(enable, () -> value.set(value.wrapAdd(1)));
        count.set(value);
    }
}
