// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import java.util.function.Consumer;

/** A kind of device, found through {@link java.util.ServiceLoader}. */
public interface DeviceProvider {

    /** The scheme of the addresses it opens. */
    String scheme();

    /** How its addresses are written, without their options: {@code xdma:N}. */
    String form();

    /**
     * Opens a device.
     *
     * @param progress told, in words for people, of steps that take long
     * @throws dev.lutra.machine.UserException if the address names nothing it knows, or opening fails
     */
    Device open(DeviceAddress address, Consumer<String> progress);
}
