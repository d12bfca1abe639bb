// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;

/** A beat of write data; the last one of its burst is marked. */
final class WriteBeat extends Bundle {

    final Bits data;
    final Bool last = field(bool());

    WriteBeat(int beatBits) {
        data = field(bits(beatBits));
    }
}
