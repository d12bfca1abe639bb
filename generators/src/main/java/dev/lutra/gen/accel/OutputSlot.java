// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Where the results of a block go; queued from the issue of its last slot until the results leave the pipeline. */
final class OutputSlot extends Bundle {

    /** Bus beat in the output buffer, the half in the most significant bit. */
    final UInt beat;

    final Bool wide = field(bool());

    /** The results complete an instruction that posts to the store unit. */
    final Bool posts = field(bool());

    OutputSlot(int beatAddressBits) {
        beat = field(uint(beatAddressBits));
    }
}
