// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Simulated devices: {@code sim:verilator}, {@code sim:embedded} and {@code sim:icarus}, generated when they are opened.
 *
 * <p>Options: {@code machine} (a machine.json; the default machine without it), {@code memory} (MiB), {@code latency}
 * (cycles of a read), {@code bandwidth} (beats per 1024 cycles), {@code stalls} (probability of 1024 that a channel
 * stalls in a cycle), {@code seed} (of the stalls), {@code dram} ({@code ddr4}: rows and refresh of {@link MemoryConfig.Dram#DDR4};
 * {@code none}), {@code trace} (events that the hardware keeps, in place of the machine's number).
 */
public final class SimDeviceProvider implements DeviceProvider {

    private static final int DEFAULT_LATENCY = 40;
    private static final int DEFAULT_MEBIBYTES = 256;

    @Override
    public String scheme() {
        return "sim";
    }

    @Override
    public String form() {
        return Stream.of(EngineKind.VERILATOR, EngineKind.EMBEDDED, EngineKind.ICARUS)
                .map(engine -> scheme() + ":" + engine)
                .collect(Collectors.joining(", "));
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        address.allowOptions("machine", "memory", "latency", "bandwidth", "stalls", "seed", "dram", "trace");
        Machine given = address.machine(Machine.standard());
        Machine machine = given.withTrace((int) address.number("trace", given.trace(), 0, 1 << 16));
        if (machine.bus().kind() != Bus.Kind.AXI4) {
            throw UserException.badInput(
                    "device " + address + ": the machine's memory is on the chip, and this simulation drives AXI4",
                    "Use a machine with bus.kind AXI4.");
        }
        return SimulatedDevice.open(machine, engine(address), config(address), progress)
                .device();
    }

    private EngineKind engine(DeviceAddress address) {
        for (EngineKind engine : EngineKind.values()) {
            if (engine.toString().equals(address.name())) {
                return engine;
            }
        }
        throw UserException.badInput(
                "there is no simulator '" + address.name() + "' (in '" + address + "')", "Simulators: " + form());
    }

    private static MemoryConfig config(DeviceAddress address) {
        long bytes = address.number("memory", DEFAULT_MEBIBYTES, 1, 2047) << 20;
        int latency = (int) address.number("latency", DEFAULT_LATENCY, 1, 1 << 20);
        int bandwidth = (int) address.number("bandwidth", 1024, 1, 1024);
        int stalls = (int) address.number("stalls", 0, 0, 1023);
        long seed = address.number("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
        return MemoryConfig.of(bytes, latency)
                .withDram(dram(address))
                .withBandwidth(bandwidth)
                .withStalls(MemoryConfig.Stalls.uniform(seed, stalls));
    }

    private static MemoryConfig.Dram dram(DeviceAddress address) {
        String name = address.options().getOrDefault("dram", "none");
        return switch (name) {
            case "none" -> MemoryConfig.Dram.NONE;
            case "ddr4" -> MemoryConfig.Dram.DDR4;
            default ->
                throw UserException.badInput("device " + address + ": dram is '" + name + "'", "Kinds: none, ddr4");
        };
    }
}
