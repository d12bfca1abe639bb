// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.RowFormat;

/** Rows of the scratchpad that are to be written, one after the other. */
final class RowJob extends Bundle {

    /** The first one. */
    final UInt row;

    /** How many rows of memory they come in, at least 1. */
    final UInt rows;

    /** Of elements as they come: a row of memory is one row or several. */
    final EnumSignal<RowFormat> format = field(enumOf(RowFormat.class));

    /** Post a token to the vector unit when all are written. */
    final Bool posts = field(bool());

    RowJob(int rowBits) {
        row = field(uint(rowBits));
        rows = field(uint(rowBits + 1));
    }
}
