// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import org.jspecify.annotations.Nullable;

/** What the writer knows of a signal while it writes a module. */
final class Net {

    final Signal signal;
    final String name;
    final BitUse use;

    /** The assignment that alone decides it; null when a condition does or nothing drives it. */
    Statement.@Nullable Assign simple;

    /** Index of the first top-level statement that drives it; {@link Integer#MAX_VALUE}: none. */
    int first = Integer.MAX_VALUE;

    /** Whether an {@code always} block assigns it. */
    boolean procedural;

    /** Input of a child whose value stands in the port list, so that it needs no declaration. */
    boolean connected;

    Net(Signal signal, String name) {
        this.signal = signal;
        this.name = name;
        this.use = new BitUse(signal.type().width());
    }

    /** Whether any statement drives it. */
    boolean driven() {
        return first != Integer.MAX_VALUE;
    }
}
