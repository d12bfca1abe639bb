// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** Where the results of a block go; queued from the issue of its last slot until the results leave the pipeline. */
final class OutputSlot extends Bundle {

    /** Bus beat in the output buffer, the half in the most significant bit. */
    final UInt beat;

    final Bool wide = field(bool());

    /** The results complete an instruction that posts to the store unit. */
    final Bool posts = field(bool());

    /** It goes to the scratchpad, which has places for its results already; null without a vector unit. */
    final @Nullable Bool toRows;

    /** @param vectors whether there is a vector unit */
    OutputSlot(int beatAddressBits, boolean vectors) {
        toRows = vectors ? field(bool()) : null;
        beat = field(uint(beatAddressBits));
    }
}
