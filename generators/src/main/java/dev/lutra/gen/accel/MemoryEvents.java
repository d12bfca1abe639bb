// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;

/** What a memory port tells of the traffic it carries. */
final class MemoryEvents extends Bundle {

    /** Bursts are requested whose data is not all there. */
    final Bool readsPending = field(bool());

    /** Bursts are requested whose responses are not back. */
    final Bool writesPending = field(bool());

    final Bool readBeat = field(bool());
    final Bool writtenBeat = field(bool());
    final Bool writeResponse = field(bool());
    final Bool readError = field(bool());
    final Bool writeError = field(bool());
}
