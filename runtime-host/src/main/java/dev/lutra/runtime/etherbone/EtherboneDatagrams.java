// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.etherbone;

import dev.lutra.machine.UserException;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Etherbone over UDP, as boards speak it. Every packet reads something, so that it is answered: what is not answered in time is sent again, and answers
 * with another number than the last request's are dropped. Packets may be lost, but none may overtake another.
 */
final class EtherboneDatagrams implements EtherboneBus {

    private static final int ATTEMPTS = 10;

    private final String name;
    private final DatagramSocket socket;
    private final Duration timeout;
    private final int blockWords;
    private final int harmless;
    private int id = (int) System.nanoTime();

    /**
     * @param local port to send from, which is where gateware of LiteX sends answers; 0 for any, which servers answer
     * @param blockWords words of a packet that the board can buffer
     * @param harmless byte address of a word that may be read at any time
     */
    EtherboneDatagrams(InetSocketAddress board, int local, Duration timeout, int blockWords, int harmless) {
        name = EtherboneDeviceProvider.text(board);
        this.timeout = timeout;
        this.blockWords = blockWords;
        this.harmless = harmless;
        try {
            socket = new DatagramSocket(local);
            socket.connect(board);
        } catch (BindException e) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "UDP port " + local + " of this computer is in use, and the board at " + name
                            + " sends answers there",
                    "End the other host first; ss -ulp names it. local=PORT is for boards that answer the sender.",
                    e);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public String name() {
        return name + ", UDP";
    }

    @Override
    public int blockWords() {
        return blockWords;
    }

    @Override
    public int[] read(int address, int count) {
        return exchange(0, new int[0], address, count);
    }

    @Override
    public void write(int address, int[] words) {
        exchange(address, words, harmless, 1);
    }

    @Override
    public void writeOnce(int address, int word, BooleanSupplier happened) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0 && happened.getAsBoolean()) {
                return;
            }
            if (tryOnce(EtherbonePacket.writeAndRead(address, new int[] {word}, ++id, harmless, 1)) != null) {
                return;
            }
        }
        throw EtherboneBus.silent(name);
    }

    private int[] exchange(int writeAddress, int[] words, int readAddress, int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int[] answer = tryOnce(EtherbonePacket.writeAndRead(writeAddress, words, ++id, readAddress, count));
            if (answer != null) {
                return answer;
            }
        }
        throw EtherboneBus.silent(name);
    }

    private int @Nullable [] tryOnce(EtherbonePacket request) {
        try {
            byte[] bytes = request.bytes();
            socket.send(new DatagramPacket(bytes, bytes.length));
            long deadline = System.nanoTime() + timeout.toNanos() / ATTEMPTS;
            DatagramPacket received = new DatagramPacket(new byte[2048], 2048);
            while (true) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return null;
                }
                socket.setSoTimeout((int) left);
                socket.receive(received);
                EtherbonePacket answer =
                        EtherbonePacket.parse(ByteBuffer.wrap(received.getData(), 0, received.getLength()));
                if (answer != null
                        && answer.writeAddress() == request.readReturn()
                        && answer.writes().length == request.reads().length) {
                    return answer.writes();
                }
                received.setLength(2048);
            }
        } catch (SocketTimeoutException e) {
            return null;
        } catch (PortUnreachableException e) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "nobody listens at " + name + " (UDP)",
                    "Check address and port; for litex_server add transport=tcp.",
                    e);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private UserException lost(IOException e) {
        return new UserException(
                UserException.Kind.DEVICE,
                "the network to " + name + " fails: " + e.getMessage(),
                "Look at cable and address, and run the command again.",
                e);
    }

    @Override
    public void close() {
        socket.close();
    }
}
