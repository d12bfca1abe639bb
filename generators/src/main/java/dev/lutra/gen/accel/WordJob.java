// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** What {@link WordExpander} makes of the beats of an LDW. */
final class WordJob extends Bundle {
    final UInt beats;

    /** Words that the beats hold as bitmaps and codes; 0: they hold words as they are. */
    final UInt words;

    WordJob(int beatsBits, int wordsBits) {
        beats = field(uint(beatsBits));
        words = field(uint(wordsBits));
    }
}
