// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** What the sequencer hands to a load or store unit: one LDA, LDW, LDS, ST, LDV, STV, LDE or STE with its address resolved. */
final class TransferCommand extends Bundle {

    /** Byte address, aligned to a bus beat. */
    final UInt address;

    /** Bus beats; 0 only in a SYNC. */
    final UInt beats;

    /** LDA, ST: the half of the double buffer. LDW unit: the scale stream instead of the weight stream, or activations instead of entries. */
    final Bool select = field(bool());

    /** Take a token of the matrix unit first. */
    final Bool waits = field(bool());

    /** Post a token to the matrix unit at the end. */
    final Bool posts = field(bool());

    /** The other end where it is the scratchpad; null without a vector unit, and in LDW. */
    final @Nullable RowTransfer rows;

    /** LDW: weight words that the beats hold as bitmaps and codes, 0 if they lie as they are; null where none can, and elsewhere. */
    final @Nullable UInt words;

    /** LDW unit: to the side engine. ST: its sums. Null without one, and in LDA. */
    final @Nullable Bool side;

    /**
     * @param rowBits width of a row address of the scratchpad; 0 without one
     * @param wordsBits width of the number of words; 0 without one
     * @param hasSide whether it may be one of the side engine
     */
    TransferCommand(int addressBits, int beatsBits, int rowBits, int wordsBits, boolean hasSide) {
        address = field(uint(addressBits));
        beats = field(uint(beatsBits));
        words = wordsBits == 0 ? null : field(uint(wordsBits));
        rows = rowBits == 0 ? null : field(new RowTransfer(rowBits));
        side = hasSide ? field(bool()) : null;
    }
}
