// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static dev.lutra.runtime.etherbone.EtherboneDeviceProvider.REGISTERS;

import dev.lutra.machine.UserException;
import dev.lutra.runtime.etherbone.EtherbonePacket;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Test equipment: a board on a network that is not there. A {@link VirtualAccelerator} behind Etherbone over UDP and TCP, on a port of this computer's
 * loopback; memory from address 0, the register block where {@code etherbone:} expects it. An address with nothing behind it reads all ones.
 */
public final class VirtualNetworkBoard implements AutoCloseable {

    private static final int REGISTER_BYTES = 4096;

    private final VirtualAccelerator accelerator;
    private final DatagramSocket datagrams;
    private final ServerSocket server;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<EtherbonePacket> copies = packet -> 1;

    private VirtualNetworkBoard(VirtualAccelerator accelerator, DatagramSocket datagrams, ServerSocket server) {
        this.accelerator = accelerator;
        this.datagrams = datagrams;
        this.server = server;
        start(this::serveDatagrams);
        start(this::acceptStreams);
    }

    /**
     * Puts an accelerator on the network.
     *
     * @throws UserException if there is no free port
     */
    public static VirtualNetworkBoard open(VirtualAccelerator accelerator) {
        InetAddress here = InetAddress.getLoopbackAddress();
        try {
            ServerSocket server = new ServerSocket(0, 8, here);
            return new VirtualNetworkBoard(
                    accelerator, new DatagramSocket(new InetSocketAddress(here, server.getLocalPort())), server);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.DEVICE, "a virtual board needs a port: " + e.getMessage(), null, e);
        }
    }

    /**
     * The address at which it is a device.
     *
     * @param transport udp or tcp
     */
    public String address(String transport) {
        return "etherbone:127.0.0.1:" + server.getLocalPort() + "?transport=" + transport + "&words="
                + EtherbonePacket.MAX_WORDS + "&memory=" + (accelerator.memoryBytes() >> 20) + "&timeout=30000";
    }

    /** From now on each packet over UDP, in either direction, arrives so many times: 0 if the network loses it, 2 if it doubles it. */
    void deliver(ToIntFunction<EtherbonePacket> copies) {
        this.copies = copies;
    }

    /** Closes all connections over TCP. */
    void cut() {
        for (Socket connection : connections) {
            close(connection);
        }
    }

    private static void start(Runnable service) {
        Thread thread = new Thread(service, "virtual network board");
        thread.setDaemon(true);
        thread.start();
    }

    private void serveDatagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[EtherbonePacket.MAX_BYTES], EtherbonePacket.MAX_BYTES);
        try {
            while (true) {
                packet.setLength(EtherbonePacket.MAX_BYTES);
                datagrams.receive(packet);
                EtherbonePacket request =
                        EtherbonePacket.parse(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                if (request == null) {
                    continue;
                }
                for (int i = copies.applyAsInt(request); i > 0; i--) {
                    EtherbonePacket answer = serve(request);
                    if (answer != null) {
                        send(answer, packet.getSocketAddress());
                    }
                }
            }
        } catch (IOException | IllegalStateException closed) {
            datagrams.close();
        }
    }

    private void send(EtherbonePacket answer, SocketAddress host) throws IOException {
        byte[] bytes = answer.bytes();
        for (int i = copies.applyAsInt(answer); i > 0; i--) {
            datagrams.send(new DatagramPacket(bytes, bytes.length, host));
        }
    }

    private void acceptStreams() {
        try {
            while (true) {
                Socket connection = server.accept();
                connections.add(connection);
                start(() -> serveStream(connection));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void serveStream(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            byte[] head = new byte[EtherbonePacket.HEAD_BYTES];
            while (true) {
                in.readFully(head);
                byte[] body = new byte[EtherbonePacket.bodyBytes(head)];
                in.readFully(body);
                EtherbonePacket request = EtherbonePacket.parse(ByteBuffer.allocate(head.length + body.length)
                        .put(head)
                        .put(body)
                        .flip());
                if (request == null) {
                    return;
                }
                EtherbonePacket answer = serve(request);
                if (answer != null) {
                    connection.getOutputStream().write(answer.bytes());
                }
            }
        } catch (IOException | IllegalStateException closed) {
            connections.remove(connection);
        }
    }

    private @Nullable EtherbonePacket serve(EtherbonePacket request) {
        write(Integer.toUnsignedLong(request.writeAddress()), request.writes());
        if (request.reads().length == 0) {
            return null;
        }
        return request.answer(read(request.reads()));
    }

    private void write(long address, int[] words) {
        if (inMemory(address, words.length)) {
            ByteBuffer bytes = words(words.length);
            bytes.asIntBuffer().put(words);
            accelerator.writeMemory(address, bytes);
            return;
        }
        for (int i = 0; i < words.length; i++) {
            long offset = address + 4L * i - REGISTERS;
            if (offset >= 0 && offset < REGISTER_BYTES) {
                accelerator.writeRegister((int) offset, words[i]);
            }
        }
    }

    private int[] read(int[] addresses) {
        long first = Integer.toUnsignedLong(addresses[0]);
        int[] words = new int[addresses.length];
        if (inMemory(first, words.length) && addresses[words.length - 1] == addresses[0] + 4 * (words.length - 1)) {
            ByteBuffer bytes = words(words.length);
            accelerator.readMemory(first, bytes);
            bytes.flip().asIntBuffer().get(words);
            return words;
        }
        for (int i = 0; i < words.length; i++) {
            long offset = Integer.toUnsignedLong(addresses[i]) - REGISTERS;
            words[i] = offset >= 0 && offset < REGISTER_BYTES ? accelerator.readRegister((int) offset) : -1;
        }
        return words;
    }

    private boolean inMemory(long address, int words) {
        return address + 4L * words <= accelerator.memoryBytes();
    }

    private static ByteBuffer words(int count) {
        return ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception gone) {
            // Closed it is.
        }
    }

    /** Takes it off the network; the accelerator stays on. */
    @Override
    public void close() {
        close(server);
        datagrams.close();
        cut();
    }
}
