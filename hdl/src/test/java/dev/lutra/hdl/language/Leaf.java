// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A child with something inside. */
final class Leaf extends Module {
    final UInt x = in(uint(8));
    final UInt y = out(uint(8));
    final UInt held = reg(uint(8)).init(0);

    Leaf() {
        held.set(x);
        y.set(held);
    }
}
