// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.UInt;

/** The bytes of a line to the host, as the line sees it: what a {@link SerialBridge} knows of it. */
final class ByteLine extends Bundle {

    /** A byte from the host, for one cycle, in which it must be taken. */
    final Bool valid = field(bool());

    final UInt data = field(uint(8));

    /** Bytes to the host. */
    final Decoupled<UInt> put = flipped(decoupled(uint(8)));

    /** Nothing more comes of what has begun. */
    final Bool silent = field(bool());

    /** The bridge waits for bytes: a line that has no other sign for the end of a frame takes the time. */
    final Bool listens = flipped(bool());
}
