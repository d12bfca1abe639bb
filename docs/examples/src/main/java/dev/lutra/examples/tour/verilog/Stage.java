// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A register. */
public final class Stage extends Module {
    public record Params(int width) {}

    public final UInt d;
    public final UInt q;

    public Stage(Params p) {
        super(p);
        d = in(uint(p.width()));
        q = out(uint(p.width()));
        var held = reg(uint(p.width()));
        held.set(d);
        q.set(held);
    }
}
