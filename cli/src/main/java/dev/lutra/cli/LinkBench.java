// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.device.SimulatedPort;
import dev.lutra.gen.device.SimulatedSpiPort;
import dev.lutra.gen.device.VirtualAccelerator;
import dev.lutra.gen.device.VirtualBoard;
import dev.lutra.gen.device.VirtualCard;
import dev.lutra.gen.device.VirtualNetworkBoard;
import dev.lutra.gen.device.VirtualSpiBoard;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.LinkCost;
import dev.lutra.runtime.serial.FrameLine;
import dev.lutra.runtime.serial.FrameLink;
import dev.lutra.runtime.serial.LineKind;
import dev.lutra.runtime.serial.SpiLine;
import dev.lutra.runtime.serial.UartLine;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code lutra bench link}: what register accesses and blocks cost through each back end, against the virtual boards, or against a device that is named.
 * Times are those of the host's clock, the simulated register port or line of a virtual board included.
 */
final class LinkBench {

    private static final long MEMORY = 16 << 20;
    private static final int LINE_BYTES = 8160;

    private LinkBench() {}

    /**
     * Shares of a line's rate, in cycles of the hardware.
     *
     * @param write of blocks to memory
     * @param read of blocks from memory
     */
    record LineRate(double write, double read) {}

    /**
     * One back end.
     *
     * @param link scheme of the address, and the transport where there are several
     * @param lineRate what blocks reach of the rate of a simulated serial line or SPI bus; null for others
     */
    record Row(
            String link,
            double readMicros,
            double writeMicros,
            int blockBytes,
            double writeRate,
            double readRate,
            @Nullable LineRate lineRate) {

        static Row of(String link, LinkCost cost, @Nullable LineRate lineRate) {
            return new Row(
                    link,
                    cost.readSeconds() * 1e6,
                    cost.writeSeconds() * 1e6,
                    cost.blockBytes(),
                    cost.writeBytesPerSecond(),
                    cost.readBytesPerSecond(),
                    lineRate);
        }

        Row named(String name) {
            return new Row(name, readMicros, writeMicros, blockBytes, writeRate, readRate, lineRate);
        }

        Row at(LineRate rate) {
            return new Row(link, readMicros, writeMicros, blockBytes, writeRate, readRate, rate);
        }

        Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("link", link);
            row.put("register_read_us", readMicros);
            row.put("register_write_us", writeMicros);
            row.put("block_bytes", blockBytes);
            row.put("block_write_bytes_per_second", writeRate);
            row.put("block_read_bytes_per_second", readRate);
            if (lineRate != null) {
                row.put("line_rate_fraction_write", lineRate.write);
                row.put("line_rate_fraction_read", lineRate.read);
            }
            return row;
        }

        static Row parse(String link, JsonNode row) {
            return new Row(
                    link,
                    row.required("register_read_us").doubleValue(),
                    row.required("register_write_us").doubleValue(),
                    row.required("block_bytes").intValue(),
                    row.required("block_write_bytes_per_second").doubleValue(),
                    row.required("block_read_bytes_per_second").doubleValue(),
                    null);
        }
    }

    /** Measures one device. */
    static List<Row> measure(String address, Consumer<String> progress) {
        try (Device device = Device.open(address, progress)) {
            return List.of(Row.of(address.replaceAll(":.*", ""), LinkCost.measure(device), null));
        }
    }

    /** Measures all back ends against simulated devices; those of a card and an SPI bus need gcc. */
    static List<Row> measure(Consumer<String> progress) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        progress.accept("measuring sim:");
        rows.addAll(measure("sim:embedded?memory=16", progress));
        rows.add(serial(progress));
        rows.add(spi(progress));
        try (VirtualAccelerator accelerator =
                VirtualAccelerator.open(Machine.standard(), EngineKind.EMBEDDED, MEMORY, progress)) {
            try (VirtualNetworkBoard board = VirtualNetworkBoard.open(accelerator)) {
                for (String transport : List.of("udp", "tcp")) {
                    progress.accept("measuring etherbone: over " + transport);
                    rows.add(measure(board.address(transport), progress).get(0).named("etherbone, " + transport));
                }
            }
            try (VirtualCard card = VirtualCard.open(accelerator)) {
                progress.accept("measuring xdma:, uio: and xrt:");
                rows.add(inHost("xdma", card.xdmaAddress(), card.preload()));
                rows.add(inHost("uio", card.uioAddress(), card.preload()));
                rows.addAll(measure(card.xrtAddress(), progress));
            }
        }
        return rows;
    }

    /** The serial line of the small machine: its costs behind a pseudo-terminal, and what it reaches of its rate. */
    private static Row serial(Consumer<String> progress) {
        progress.accept("measuring uart:");
        LinkCost cost;
        try (VirtualBoard board = VirtualBoard.open(
                        Machine.smallest(),
                        new HostLine.Uart(SimulatedPort.CLOCKS_PER_BIT),
                        EngineKind.EMBEDDED,
                        progress);
                Device device = Device.open(board.address())) {
            cost = LinkCost.measure(device);
        }
        SimulatedPort port = new SimulatedPort(Machine.smallest(), EngineKind.EMBEDDED);
        return Row.of(
                "uart",
                cost,
                lineRate(
                        new UartLine(port, SimulatedPort.TIMING),
                        port::cycles,
                        LineKind.UART,
                        SimulatedPort.CLOCKS_PER_BIT));
    }

    /** Its SPI bus: its costs in a process of its own, and what it reaches of its rate. */
    private static Row spi(Consumer<String> progress) throws InterruptedException {
        progress.accept("measuring spi:");
        Row row;
        try (VirtualSpiBoard board = VirtualSpiBoard.open(Machine.smallest(), null, EngineKind.EMBEDDED, progress)) {
            row = inHost("spi", board.address(), board.preload());
        }
        SimulatedSpiPort port = new SimulatedSpiPort(Machine.smallest(), EngineKind.EMBEDDED);
        return row.at(lineRate(new SpiLine(port), port::cycles, LineKind.SPI, SimulatedSpiPort.CLOCKS_PER_BIT));
    }

    /** In the time of the simulation, where hosts take none. */
    private static LineRate lineRate(FrameLine line, LongSupplier cycles, LineKind kind, int clocksPerBit) {
        try (FrameLink link = new FrameLink(line, Machine.smallest().bus().addressable())) {
            ByteBuffer block = ByteBuffer.allocate(LINE_BYTES);
            long start = cycles.getAsLong();
            link.writeMemory(0, block);
            long written = cycles.getAsLong();
            link.readMemory(0, block.clear());
            double least = (double) LINE_BYTES * kind.bitsPerByte() * clocksPerBit;
            return new LineRate(least / (written - start), least / (cycles.getAsLong() - written));
        }
    }

    /** In a process of its own, to which the virtual card's sockets are device files. */
    private static Row inHost(String link, String address, String preload) throws InterruptedException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "bench",
                        "link",
                        "--device",
                        address,
                        "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LD_PRELOAD", preload);
        try {
            Process host = builder.start();
            String out = new String(host.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (host.waitFor() != 0) {
                throw new UserException(UserException.Kind.DEVICE, "the host of " + address + " failed", null);
            }
            return Row.parse(link, JsonMapper.shared().readTree(out).required(0));
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "cannot start a process to measure " + address + ": " + e.getMessage(),
                    null,
                    e);
        }
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder();
        table.append("%-16s %12s %13s %8s %16s %15s %18s%n"
                .formatted("link", "read us", "write us", "block", "write kB/s", "read kB/s", "of the line's rate"));
        for (Row row : rows) {
            table.append("%-16s %12.1f %13.1f %8d %16.0f %15.0f %18s%n"
                    .formatted(
                            row.link,
                            row.readMicros,
                            row.writeMicros,
                            row.blockBytes,
                            row.writeRate / 1000,
                            row.readRate / 1000,
                            row.lineRate == null
                                    ? ""
                                    : "%.1f, %.1f %%".formatted(100 * row.lineRate.write, 100 * row.lineRate.read)));
        }
        return table.toString();
    }
}
