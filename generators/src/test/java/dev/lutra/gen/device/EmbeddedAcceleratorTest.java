// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

/** The accelerator in the embedded simulator, which every machine has. */
final class EmbeddedAcceleratorTest extends AcceleratorContract {
    @Override
    SimulatedDevice.Engine engine() {
        return SimulatedDevice.Engine.EMBEDDED;
    }
}
