// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.etherbone;

import dev.lutra.machine.Register;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.BoardOptions;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.DeviceProvider;
import dev.lutra.runtime.linux.LockFile;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Boards on a network, {@code etherbone:HOST} or {@code etherbone:HOST:PORT}, port 1234.
 *
 * <p>Options beside those of {@link BoardOptions}: {@code timeout} (milliseconds for an answer, all attempts together), {@code transport} ({@code udp}, or {@code tcp} for litex_server), {@code words} (of a packet over
 * UDP, which the board must be able to buffer) and {@code local} (port that packets over UDP are sent from). The register block is
 * at 0x40000000, the place that our serial bridge has for it, unless {@code registers} says where.
 */
public final class EtherboneDeviceProvider implements DeviceProvider {

    /** Byte address of the register block if the address does not say it. */
    public static final int REGISTERS = 0x40000000;

    private static final int PORT = 1234;

    /** LiteX's add_etherbone buffers 16 words; a write also carries two to ask for an answer. */
    private static final int WORDS = 14;

    @Override
    public String scheme() {
        return "etherbone";
    }

    @Override
    public String form() {
        return "etherbone:HOST[:PORT]";
    }

    @Override
    public Device open(DeviceAddress address, Consumer<String> progress) {
        BoardOptions options = BoardOptions.of(address, REGISTERS, "timeout", "transport", "words", "local");
        String transport = address.options().getOrDefault("transport", "udp");
        InetSocketAddress board = board(address);
        Duration timeout = Duration.ofMillis(address.number("timeout", 1000, 1, 3_600_000));
        int words = (int) address.number("words", WORDS, 1, EtherbonePacket.MAX_WORDS);
        int local =
                (int) address.number("local", board.getAddress().isLoopbackAddress() ? 0 : board.getPort(), 0, 65_535);
        if (options.base() + options.bytes() > 1L << 32) {
            throw UserException.badInput(
                    "device " + address + ": its memory ends beyond the 32 bits that addresses of Etherbone have",
                    "Give less memory (memory=MIB) or another base.");
        }
        if (options.registers() >= options.base() && options.registers() < options.base() + options.bytes()) {
            throw UserException.badInput(
                    "device %s: the registers at 0x%X lie within its memory".formatted(address, options.registers()),
                    "Give less memory (memory=MIB), another base or the place of the registers.");
        }
        LockFile lock = LockFile.of(address.scheme() + ":" + text(board));
        EtherboneBus bus;
        try {
            bus = switch (transport) {
                case "udp" ->
                    new EtherboneDatagrams(
                            board, local, timeout, words, (int) options.registers() + Register.ID.offset());
                case "tcp" -> new EtherboneStream(board, timeout);
                default ->
                    throw UserException.badInput(
                            "device " + address + ": transport is '" + transport + "'", "Transports: udp, tcp");
            };
        } catch (UserException e) {
            lock.close();
            throw e;
        }
        return Device.over(options.machine(), new EtherboneLink(bus, options, lock));
    }

    private static InetSocketAddress board(DeviceAddress address) {
        String name = address.name();
        int colon = name.lastIndexOf(':');
        String host = colon < 0 ? name : name.substring(0, colon);
        int port = PORT;
        try {
            port = colon < 0 ? PORT : Integer.parseInt(name.substring(colon + 1));
        } catch (NumberFormatException notANumber) {
            port = -1;
        }
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw UserException.badInput(
                    "device " + address + " names no host and port",
                    "Write etherbone:192.168.1.50 or etherbone:HOST:PORT");
        }
        InetSocketAddress board = new InetSocketAddress(host, port);
        if (board.isUnresolved()) {
            throw UserException.badInput(
                    "device " + address + ": there is no host '" + host + "'", "Give its IP address.");
        }
        return board;
    }

    static String text(InetSocketAddress board) {
        return board.getHostString() + ":" + board.getPort();
    }
}
