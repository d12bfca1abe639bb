// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Counts events up to a limit. */
public final class EventCounter extends Module {
    public record Params(int width, int limit) {}

    public final Bool event = in(bool());
    public final UInt count;
    public final Bool full = out(bool());

    public EventCounter(Params p) {
        super(p);
        count = out(uint(p.width()));
        var value = reg(uint(p.width())).init(0);
        full.set(value.eq(p.limit()));
        when(event.and(full.not()), () -> value.set(value.wrapAdd(1)));
        count.set(value);
    }
}
