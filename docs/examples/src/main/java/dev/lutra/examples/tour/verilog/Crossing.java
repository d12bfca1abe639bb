// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.lib.BitSync;

/** Takes a level to another clock. */
public final class Crossing extends Module {
    public final Bool level = in(bool());
    public final Clock other_clk = in(clock());
    public final Reset other_rst = in(reset());
    public final Bool seen = out(bool());

    public Crossing() {
        var held = reg(bool()).init(false);
        held.set(level);
        var sync = domain(other_clk, other_rst).make(BitSync::new);
        sync.in.set(held);
        seen.set(sync.out);
    }
}
