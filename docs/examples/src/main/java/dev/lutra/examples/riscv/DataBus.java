// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Reads and writes of words, with the timing of {@link FetchBus}. */
public final class DataBus extends Bundle {
    public final Bool request = field(bool());
    public final Bool write = field(bool());

    /** Address of any byte of the word. */
    public final UInt address = field(uint(32));

    /** Bytes to write; bit 0 stands for the one at the lowest address. */
    public final Bits mask = field(bits(4));

    public final UInt writeWord = field(uint(32));
    public final Bool ready = flipped(bool());
    public final UInt readWord = flipped(uint(32));
}
