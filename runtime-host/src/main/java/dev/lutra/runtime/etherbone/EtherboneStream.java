// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.etherbone;

import dev.lutra.machine.UserException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Etherbone over TCP, as {@code litex_server} serves it: nothing is lost and all is in order, so nothing is sent twice. */
final class EtherboneStream implements EtherboneBus {

    private final String name;
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    /** @throws UserException if nobody listens there */
    EtherboneStream(InetSocketAddress board, Duration timeout) {
        name = EtherboneDeviceProvider.text(board);
        try {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(board, (int) timeout.toMillis());
            out = socket.getOutputStream();
            in = new DataInputStream(socket.getInputStream());
        } catch (ConnectException e) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "nobody listens at " + name + " (TCP)",
                    "Start litex_server there; a board itself speaks UDP (without transport=tcp).",
                    e);
        } catch (SocketTimeoutException e) {
            throw EtherboneBus.silent(name);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public String name() {
        return name + ", TCP";
    }

    @Override
    public int blockWords() {
        return EtherbonePacket.MAX_WORDS;
    }

    @Override
    public int[] read(int address, int count) {
        try {
            out.write(EtherbonePacket.writeAndRead(0, new int[0], 0, address, count)
                    .bytes());
            byte[] head = in.readNBytes(EtherbonePacket.HEAD_BYTES);
            if (head.length < EtherbonePacket.HEAD_BYTES) {
                throw new EOFException("end of stream");
            }
            byte[] body = in.readNBytes(EtherbonePacket.bodyBytes(head));
            EtherbonePacket answer = EtherbonePacket.parse(ByteBuffer.allocate(head.length + body.length)
                    .put(head)
                    .put(body)
                    .flip());
            if (answer == null || answer.writes().length != count) {
                throw new UserException(
                        UserException.Kind.DEVICE,
                        "what " + name + " answers is no Etherbone",
                        "Check address and port: litex_server listens on 1234.");
            }
            return answer.writes();
        } catch (SocketTimeoutException e) {
            throw EtherboneBus.silent(name);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public void write(int address, int[] words) {
        try {
            out.write(EtherbonePacket.write(address, words).bytes());
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public void writeOnce(int address, int word, BooleanSupplier happened) {
        write(address, new int[] {word});
    }

    private UserException lost(IOException e) {
        return new UserException(
                UserException.Kind.DEVICE,
                "the connection to " + name + " was lost: " + e.getMessage(),
                "Look at the server there, and run the command again.",
                e);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // Closed it is.
        }
    }
}
