// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Boards on a serial line, {@code uart:/dev/ttyUSB1}.
 *
 * <p>Options: {@code machine} (a machine.json; the smallest machine without it), {@code baud} (1,000,000 without it), {@code timeout}
 * (milliseconds for an answer beyond the time of its bytes, 200 without it).
 */
public final class UartDeviceProvider implements DeviceProvider {

    private static final int BAUD = 1_000_000;

    @Override
    public String scheme() {
        return "uart";
    }

    @Override
    public String form() {
        return "uart:/dev/ttyUSB1";
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        address.allowOptions("machine", "baud", "timeout");
        if (address.name().isEmpty()) {
            throw UserException.badInput("uart: names no serial line", "Write uart:/dev/ttyUSB1");
        }
        Machine machine = FrameLink.machine(address);
        LineTiming usual = LineTiming.of((int) address.number("baud", BAUD, 1200, 12_000_000));
        LineTiming timing = new LineTiming(
                usual.baud(),
                Duration.ofMillis(address.number("timeout", usual.answer().toMillis(), 1, 3_600_000)),
                usual.quiet(),
                usual.attempts());
        return Device.over(
                machine,
                new FrameLink(
                        new UartLine(TerminalPort.open(address.name(), timing.baud()), timing),
                        machine.bus().writable()));
    }
}
