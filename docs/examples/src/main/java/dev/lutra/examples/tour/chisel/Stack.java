// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** The level of a stack, watched. */
public final class Stack extends Module {
    public final Bool push = in(bool());
    public final Bool pop = in(bool());
    public final UInt level = out(uint(range(0, 12)));

    public Stack() {
        var depth = reg(uint(range(0, 12))).init(0);
        when(push.and(pop.not()), () -> depth.set(depth.add(1).within(0, 12)));
        when(pop.and(push.not()), () -> depth.set(depth.sub(1).within(0, 12).asUInt()));
        level.set(depth);
        assume(pop.and(depth.eq(0)).not(), "pop of an empty stack");
        cover(depth.eq(12), "full");
        when(push.and(pop), () -> printf("top replaced at level %d", depth));
    }
}
