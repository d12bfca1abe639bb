// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;

/** A sum of products that stays at its limits. */
public final class Mac extends Module {
    public final Bool enable = in(bool());
    public final SInt a = in(sint(8));
    public final SInt b = in(sint(8));
    public final SInt sum = out(sint(18));

    public Mac() {
        var acc = reg(sint(18)).init(0);
        var next = acc.add(a.mul(b)); // 19 bits
        when(enable, () -> acc.set(next.saturate(18)));
        sum.set(acc);
    }
}
