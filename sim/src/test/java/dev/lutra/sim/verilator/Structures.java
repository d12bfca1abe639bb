// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.ir.Circuit;

/** {@link Structure} for tests of other packages. */
public final class Structures {
    private Structures() {}

    public static String of(Circuit circuit) {
        return Structure.of(circuit);
    }
}
