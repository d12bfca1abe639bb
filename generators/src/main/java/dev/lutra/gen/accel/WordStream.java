// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;

/** Words taken from a stream, as seen by the taker: a word popped in one cycle is there in the next. */
final class WordStream extends Bundle {

    final Bool available = flipped(bool());
    final Bool pop = field(bool());

    /** The word popped is the last of its transfer: what follows it in its bus beat is padding. */
    final Bool last = field(bool());

    final Bits word;

    WordStream(int wordBits) {
        word = flipped(bits(wordBits));
    }
}
