// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.ir.ResetKind;

/** A reset for the domain of a clock: acts at once, is released at an edge of that clock, two edges late. */
public final class ResetSync extends Module {
    /** The clock of the domain. */
    public final Clock clock = in(clock());
    /** Of any clock, or of none. */
    public final Reset in = in(reset(ResetKind.ASYNC));
    /** For {@code domain(clock, out)}. */
    public final Reset out = out(reset(ResetKind.ASYNC));

    /** The only kind there is. */
    public ResetSync() {
        doc("Releases a reset at an edge of the clock.");
        domain(clock, crossing(in)).use(() -> {
            var first = reg(bool()).init(true);
            var second = reg(bool()).init(true);
            attribute(first, "async_reg", "true");
            attribute(second, "async_reg", "true");
            first.set(false);
            second.set(first);
            Bool active = second;
            out.set(active.asReset(ResetKind.ASYNC));
        });
    }
}
