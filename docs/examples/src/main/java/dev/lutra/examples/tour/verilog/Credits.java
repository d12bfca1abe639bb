// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Counts what may still be taken. */
public final class Credits extends Module {
    public final Bool take = in(bool());
    public final Bool give = in(bool());
    public final UInt left = out(uint(4));

    public Credits() {
        var credits = reg(uint(4)).init(8);
        when(take.and(give.not()), () -> credits.set(credits.wrapSub(1)));
        when(give.and(take.not()), () -> credits.set(credits.wrapAdd(1)));
        left.set(credits);
        assume(take.and(credits.eq(0)).not(), "taken where none is left");
        assume(give.and(credits.eq(8)).not(), "given back more than taken");
        require(credits.le(8), "more credits than there are");
    }
}
