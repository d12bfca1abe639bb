// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** How often each symbol came. */
public final class Histogram extends Module {
    public final Bool valid = in(bool());
    public final UInt symbol = in(uint(4));
    public final UInt ask = in(uint(4));
    public final UInt count = out(uint(16));

    public Histogram() {
        var counts = memory(uint(16), 16).init(new long[0]);
        when(valid, () -> counts.write(symbol, counts.readAsync(symbol).wrapAdd(1)));
        count.set(counts.read(ask));
    }
}
