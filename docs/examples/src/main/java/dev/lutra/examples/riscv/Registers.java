// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** The registers x0 to x31: read in the same cycle, written at the clock edge. x0 is 0. */
final class Registers extends Module {
    final UInt rs1 = in(uint(5));
    final UInt rs2 = in(uint(5));
    final UInt value1 = out(uint(32));
    final UInt value2 = out(uint(32));
    final Bool write = in(bool());
    final UInt rd = in(uint(5));
    final UInt value = in(uint(32));

    Registers() {
        doc("The registers x0 to x31.");
        var words = memory(uint(32), 32);
        value1.set(mux(rs1.eq(0), 0, words.readAsync(rs1)));
        value2.set(mux(rs2.eq(0), 0, words.readAsync(rs2)));
        when(write, () -> words.write(rd, value));
    }
}
