// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.uio;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Accelerators behind userspace I/O, {@code uio:0} or {@code uio:/dev/uio0}: map 0 of the device is the register block, map 1 the memory.
 *
 * <p>Options: {@code machine} (a machine.json; the default machine without it), {@code memory} (MiB to use at most) and {@code system} (folder that
 * describes the devices, /sys/class/uio without it).
 */
public final class UioDeviceProvider implements DeviceProvider {

    private static final long MOST_MEBIBYTES = 2047;

    @Override
    public String scheme() {
        return "uio";
    }

    @Override
    public String form() {
        return "uio:N";
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        address.allowOptions("machine", "memory", "system");
        String name = address.name();
        if (name.isEmpty()) {
            throw UserException.badInput(
                    "uio: names no device", "Write uio:0 for /dev/uio0; ls /sys/class/uio shows them.");
        }
        String path = name.matches("\\d+") ? "/dev/uio" + name : name;
        Path system = Path.of(address.options().getOrDefault("system", "/sys/class/uio"))
                .resolve(path.substring(path.lastIndexOf('/') + 1));
        Machine machine = address.machine(Machine.standard());
        long bytes = address.number("memory", MOST_MEBIBYTES, 1, MOST_MEBIBYTES) << 20;
        return Device.over(machine, new UioLink(path, system, bytes));
    }
}
