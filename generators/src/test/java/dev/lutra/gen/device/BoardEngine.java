// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.sim.EngineKind;

/** What simulates boards on serial lines: thousands of faults, as in deep runs, are worth a build. */
final class BoardEngine {

    static final EngineKind KIND =
            Boolean.getBoolean("lutra.deep") && EngineKind.VERILATOR.missing().isEmpty()
                    ? EngineKind.VERILATOR
                    : EngineKind.EMBEDDED;

    private BoardEngine() {}
}
