// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** What the sequencer hands to the matrix unit: one MX or SYNC instruction. */
final class MatrixCommand extends Bundle {

    /** Only waits and posts. */
    final Bool sync = field(bool());

    final Bool activationHalf = field(bool());
    final Bool first = field(bool());
    final Bool last = field(bool());
    final Bool wide = field(bool());
    final Bool outputHalf = field(bool());
    final UInt zeroPoint = field(uint(2));
    final UInt topPlane = field(uint(3));
    final UInt kSteps = field(uint(12));
    final UInt groupSteps = field(uint(12));
    final UInt blocks = field(uint(12));
    final UInt outputBeat = field(uint(12));
    final Bool waitsLoad = field(bool());
    final Bool waitsStore = field(bool());
    final Bool postsLoad = field(bool());
    final Bool postsStore = field(bool());
}
