// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** A burst from its address handshake to its last response. */
final class OpenBurst extends Bundle {
    final UInt id;

    /** Data beats to come, less one; what it is after the last one does not matter. */
    final UInt left = field(uint(8));

    /** All data has been transferred. */
    final Bool complete = field(bool());

    /** The byte lane at which the next beat begins. */
    final UInt lane;

    final UInt size = field(uint(3));

    /**
     * @param idBits width of an identifier
     * @param laneBits width of a lane's number
     */
    OpenBurst(int idBits, int laneBits) {
        id = field(uint(idBits));
        lane = field(uint(laneBits));
    }
}
