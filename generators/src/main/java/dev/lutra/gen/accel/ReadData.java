// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** A beat read from memory, offered to every reader at once; it cannot be refused, as its room was reserved. */
final class ReadData extends Bundle {

    final Bool valid = field(bool());
    final UInt id;
    final Bits data;

    /** @param side whether there is a side engine */
    ReadData(int beatBits, boolean side) {
        id = field(uint(ReadPort.idBits(side)));
        data = field(bits(beatBits));
    }

    Bool isFor(ReadPort port) {
        return valid.and(id.eq(port.ordinal()));
    }
}
