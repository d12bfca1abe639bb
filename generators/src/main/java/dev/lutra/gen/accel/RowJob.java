// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** Rows of the scratchpad that are to be written, one after the other. */
final class RowJob extends Bundle {

    /** The first one. */
    final UInt row;

    /** How many, at least 1. */
    final UInt rows;

    /** Post a token to the vector unit when all are written. */
    final Bool posts = field(bool());

    RowJob(int rowBits) {
        row = field(uint(rowBits));
        rows = field(uint(rowBits + 1));
    }
}
