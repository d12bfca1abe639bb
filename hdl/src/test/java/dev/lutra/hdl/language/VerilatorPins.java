// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** A module whose name, file and words begin as orders to tools do. */
final class VerilatorPins extends Module {
    final UInt a = in(uint(8));
    final UInt b = out(uint(8));

    VerilatorPins() {
        doc(
                "synthesis translate_off\n and what one writes of Synopsys.",
                "Pragma of nobody.",
                "w".repeat(90) + " verilator_me lint_off.");
        var held = reg(uint(8)).init(0);
        held.set(a);
        b.set(held);
    }
}
