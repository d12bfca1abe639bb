// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Some registers in a row. */
public final class Delay extends Module {
    public record Params(int width, int depth) {}

    public final UInt d;
    public final UInt q;

    public Delay(Params p) {
        super(p);
        d = in(uint(p.width()));
        q = out(uint(p.width()));
        UInt at = d;
        for (int i = 0; i < p.depth(); i++) {
            var stage = new Stage(new Stage.Params(p.width()));
            stage.d.set(at);
            at = stage.q;
        }
        q.set(at);
    }
}
