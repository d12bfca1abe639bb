// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** What an instruction did, in the cycle in which it ends: for checkers and traces. */
public final class Retired extends Bundle {
    public final Bool valid = field(bool());
    public final UInt pc = field(uint(32));
    public final UInt instruction = field(uint(32));

    /** Register written, 0 for none. */
    public final UInt rd = field(uint(5));

    /** What it was given. */
    public final UInt value = field(uint(32));
}
