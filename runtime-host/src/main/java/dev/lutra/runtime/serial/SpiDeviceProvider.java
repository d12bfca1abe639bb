// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import java.util.function.Consumer;

/**
 * Boards on an SPI bus of the host, {@code spi:/dev/spidev0.0}.
 *
 * <p>Options: {@code machine} (a machine.json; the smallest machine without it) and {@code hz} (clock of the bus, 3,000,000 without it: a quarter of 12 MHz).
 */
public final class SpiDeviceProvider implements DeviceProvider {

    private static final int HERTZ = 3_000_000;

    @Override
    public String scheme() {
        return "spi";
    }

    @Override
    public String form() {
        return "spi:/dev/spidev0.0";
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        address.allowOptions("machine", "hz");
        if (address.name().isEmpty()) {
            throw UserException.badInput("spi: names no chip select", "Write spi:/dev/spidev0.0");
        }
        Machine machine = FrameLink.machine(address);
        int hertz = (int) address.number("hz", HERTZ, 1000, 100_000_000);
        return Device.over(
                machine,
                new FrameLink(
                        new SpiLine(SpidevPort.open(address.name(), hertz)),
                        machine.bus().writable()));
    }
}
