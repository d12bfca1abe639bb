// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.capture;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/** What travels through the queue. */
final class Sample extends Bundle {
    /** Samples before this one were lost. */
    final Bool gap = field(bool());

    final UInt value;

    Sample(int bits) {
        value = field(uint(bits));
    }
}
