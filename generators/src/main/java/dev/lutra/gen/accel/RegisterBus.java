// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Access to the host registers, as seen by the host: a write takes one cycle, a read answers in the next and holds. */
final class RegisterBus extends Bundle {

    static final int OFFSET_BITS = 8;

    final Bool write = field(bool());
    final UInt writeOffset = field(uint(OFFSET_BITS));
    final UInt writeData = field(uint(32));
    final Bool read = field(bool());
    final UInt readOffset = field(uint(OFFSET_BITS));
    final UInt readData = flipped(uint(32));
}
