// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.spi;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** A word to exchange with a slave. */
public final class SpiWord extends Bundle {
    /** Sent with the top bit first. */
    public final Bits data;

    /** Which slave; the words up to a last one belong to the slave of the first. */
    public final UInt slave;

    /** The slave is released after this word. */
    public final Bool last = field(bool());

    SpiWord(SpiMaster.Params p) {
        data = field(bits(p.bits()));
        slave = field(uint(Math.max(1, 32 - Integer.numberOfLeadingZeros(p.slaves() - 1))));
    }
}
