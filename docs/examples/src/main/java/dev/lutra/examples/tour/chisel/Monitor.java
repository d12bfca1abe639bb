// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.BitSync;

/** Shows the state of a lamp to another clock. */
public final class Monitor extends Module {
    public final Bool toggle = in(bool());
    public final Clock monitor_clk = in(clock());
    public final Reset monitor_rst_n = in(reset(ResetKind.ASYNC_LOW));
    public final Bool lamp = out(bool());

    public Monitor() {
        var on = reg(bool()).init(false);
        when(toggle, () -> on.set(on.not()));
        var there = domain(monitor_clk, monitor_rst_n);
        var sync = there.make(BitSync::new);
        sync.in.set(on);
        var shown = reg(bool(), there).init(false);
        shown.set(sync.out);
        lamp.set(shown);
    }
}
