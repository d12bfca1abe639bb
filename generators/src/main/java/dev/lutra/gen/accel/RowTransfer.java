// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.RowFormat;

/** What a load or store unit is told of the scratchpad, where there is one. */
final class RowTransfer extends Bundle {

    /** Rows of the scratchpad instead of a half of the double buffer. */
    final Bool selected = field(bool());

    /** The first row. */
    final UInt row;

    /** Of elements in memory. */
    final EnumSignal<RowFormat> format = field(enumOf(RowFormat.class));

    /** Take a token of the vector unit first. */
    final Bool waits = field(bool());

    /** Post a token to the vector unit at the end. */
    final Bool posts = field(bool());

    RowTransfer(int rowBits) {
        row = field(uint(rowBits));
    }
}
