// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;

/** What a unit does in a cycle. */
final class UnitActivity extends Bundle {

    /** It has an instruction. */
    final Bool has = field(bool());

    /** Its instruction ends in this cycle. */
    final Bool ends = field(bool());

    /** Its instruction waits for tokens. */
    final Bool waits = field(bool());

    /** Its instruction has begun and nothing moves; of LDW, its ring has no room. */
    final Bool stalls = field(bool());
}
