// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.UserException;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Finds the back end of a device address. */
final class Devices {

    private Devices() {}

    static Device open(DeviceAddress address, Consumer<String> progress) {
        TreeSet<String> schemes = new TreeSet<>();
        for (DeviceProvider provider : ServiceLoader.load(DeviceProvider.class)) {
            if (provider.scheme().equals(address.scheme())) {
                return provider.open(address, progress);
            }
            schemes.add(provider.scheme());
        }
        throw new UserException(
                UserException.Kind.BAD_INPUT,
                "there is no kind of device '" + address.scheme() + "' (in '" + address + "')",
                "Known kinds: " + String.join(", ", schemes));
    }
}
