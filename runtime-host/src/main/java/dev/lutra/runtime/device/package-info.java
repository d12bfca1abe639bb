// SPDX-License-Identifier: Apache-2.0
/**
 * Devices: simulated or real accelerators behind one driver. A back end supplies a {@link dev.lutra.runtime.device.Link}
 * (registers, memory, wait for done); everything above it is the same for all of them.
 */
@NullMarked
package dev.lutra.runtime.device;

import org.jspecify.annotations.NullMarked;
