// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.xrt;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import java.util.function.Consumer;

/**
 * Cards behind XRT, {@code xrt:0} or {@code xrt:0000:65:00.1}.
 *
 * <p>Options: {@code machine} (a machine.json; the default machine without it), {@code xclbin} (a bitstream to load; what is loaded without it),
 * {@code kernel} ({@code lutra} without it; {@code lutra:{lutra_2}} names a compute unit), {@code memory} (MiB, 256 without it) and {@code library}
 * (folder of libxrt_coreutil.so; $XILINX_XRT/lib, or /opt/xilinx/xrt/lib, without it).
 */
public final class XrtDeviceProvider implements DeviceProvider {

    private static final String KERNEL = "lutra";

    @Override
    public String scheme() {
        return "xrt";
    }

    @Override
    public String form() {
        return "xrt:N";
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        address.allowOptions("machine", "xclbin", "kernel", "memory", "library");
        if (!address.name().matches("\\d{1,4}|[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]")) {
            throw UserException.badInput(
                    "device " + address + " names no card", "Write xrt:0 or its PCI address, xrt:0000:65:00.1");
        }
        String installed = System.getenv("XILINX_XRT");
        String directory =
                address.options().getOrDefault("library", (installed == null ? "/opt/xilinx/xrt" : installed) + "/lib");
        Machine machine = address.machine(Machine.standard());
        long bytes = address.number("memory", 256, 1, 2047) << 20;
        Xrt xrt = Xrt.load(directory);
        progress.accept("opening " + address);
        return Device.over(
                machine,
                new XrtLink(
                        xrt,
                        address.name(),
                        address.options().get("xclbin"),
                        address.options().getOrDefault("kernel", KERNEL),
                        bytes));
    }
}
