// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A memory with a port to write and a port to read. */
public final class Scratch extends Module {
    public final Bool write = in(bool());
    public final UInt waddr = in(uint(4));
    public final UInt wdata = in(uint(8));
    public final UInt raddr = in(uint(4));
    public final UInt rdata = out(uint(8));

    public Scratch() {
        var words = memory(uint(8), 16);
        when(write, () -> words.write(waddr, wdata));
        rdata.set(words.read(raddr));
    }
}
