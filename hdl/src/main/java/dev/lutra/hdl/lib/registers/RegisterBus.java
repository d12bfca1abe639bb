// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Access to a register file, as seen by the one who asks: a write takes one cycle, a read answers in the next and holds. */
public final class RegisterBus extends Bundle {
    public final Bool write = field(bool());
    public final UInt writeOffset;
    public final UInt writeData = field(uint(RegisterMap.WORD_BITS));
    public final Bool read = field(bool());
    public final UInt readOffset;
    public final UInt readData = flipped(uint(RegisterMap.WORD_BITS));

    /** @param offsetBits width of a byte offset, see {@link RegisterMap#offsetBits()} */
    public RegisterBus(int offsetBits) {
        writeOffset = field(uint(offsetBits));
        readOffset = field(uint(offsetBits));
    }
}
