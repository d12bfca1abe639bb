// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.sim.EngineKind;

/** The accelerator in the embedded simulator, which every machine has. */
final class EmbeddedAcceleratorTest extends AcceleratorContract {
    @Override
    EngineKind engine() {
        return EngineKind.EMBEDDED;
    }
}
