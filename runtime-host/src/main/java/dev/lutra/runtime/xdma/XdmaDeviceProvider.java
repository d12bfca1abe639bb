// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.xdma;

import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.BoardOptions;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import java.util.function.Consumer;

/**
 * Cards behind XDMA, {@code xdma:0} (files /dev/xdma0_user and so on) or {@code xdma:PREFIX}.
 *
 * <p>Options beside those of {@link BoardOptions}: {@code channel} (of the DMA, 0 without it) and {@code event} (user interrupt of the accelerator, 0
 * without it). {@code registers} is an offset in the user BAR, 0 without it.
 */
public final class XdmaDeviceProvider implements DeviceProvider {

    @Override
    public String scheme() {
        return "xdma";
    }

    @Override
    public String form() {
        return "xdma:N";
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        BoardOptions options = BoardOptions.of(address, 0, "channel", "event");
        String name = address.name();
        if (name.isEmpty()) {
            throw UserException.badInput("xdma: names no card", "Write xdma:0 for the card of /dev/xdma0_user.");
        }
        String prefix = name.matches("\\d+") ? "/dev/xdma" + name : name;
        int channel = (int) address.number("channel", 0, 0, 3);
        int event = (int) address.number("event", 0, 0, 15);
        return Device.over(options.machine(), new XdmaLink(prefix, channel, event, options));
    }
}
