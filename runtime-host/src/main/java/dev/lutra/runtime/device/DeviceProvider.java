// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

/** A kind of device, found through {@link java.util.ServiceLoader}. */
public interface DeviceProvider {

    /** The scheme of the addresses it opens. */
    String scheme();

    /**
     * Opens a device.
     *
     * @throws dev.lutra.machine.UserException if the address names nothing it knows, or opening fails
     */
    Device open(DeviceAddress address);
}
