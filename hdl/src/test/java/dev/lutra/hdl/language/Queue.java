// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;

/** The fill level of a queue, with every kind of statement that looks. */
final class Queue extends Module {
    final Bool push = in(bool());
    final Bool pop = in(bool());
    final SInt offset = in(sint(4));
    final UInt level = out(uint(4));

    Queue() {
        var count = reg(uint(4)).init(0);
        var full = count.eq(8);
        when(push.and(pop.not()), () -> count.set(count.wrapAdd(1)))
                .elseWhen(pop.and(push.not()), () -> count.set(count.wrapSub(1)));
        level.set(count);
        assume(full.and(push).not(), "pushed when full");
        assume(count.eq(0).and(pop).not(), "popped when empty");
        require(count.le(8), "the level is \"at most\" 100% of the depth");
        when(full, () -> {
                    cover(pop, "popped when full");
                    printf("full: %d, offset %d = %x = %b, 100%%", count, offset, offset, offset);
                })
                .otherwise(() -> when(offset.eq(-8), () -> stop("asked to")));
    }
}
