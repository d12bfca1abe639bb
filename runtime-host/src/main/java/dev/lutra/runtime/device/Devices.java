// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.UserException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Finds the back end of a device address. */
final class Devices {

    private Devices() {}

    static Device open(DeviceAddress address, Consumer<String> progress) {
        DeviceProvider provider = providers().get(address.scheme());
        if (provider == null) {
            throw UserException.badInput(
                    "there is no kind of device '" + address.scheme() + "' (in '" + address + "')",
                    "Devices: " + String.join(", ", forms()));
        }
        return provider.open(address, progress);
    }

    static List<String> forms() {
        return providers().values().stream().map(DeviceProvider::form).toList();
    }

    private static Map<String, DeviceProvider> providers() {
        Map<String, DeviceProvider> providers = new TreeMap<>();
        ServiceLoader.load(DeviceProvider.class).forEach(provider -> providers.put(provider.scheme(), provider));
        return providers;
    }
}
