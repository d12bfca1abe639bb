// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import dev.lutra.runtime.linux.FileDescriptor;
import dev.lutra.runtime.linux.LibC;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/**
 * The other end of what looks like a serial line: test equipment. Hosts open {@link #path()}; what they write is read here, and the other way round.
 */
public final class PseudoTerminal implements AutoCloseable {

    private final FileDescriptor board;

    /** Held so that a host that closes its end hangs nothing up. */
    private final FileDescriptor line;

    private final String path;

    private PseudoTerminal(FileDescriptor board, FileDescriptor line, String path) {
        this.board = board;
        this.line = line;
        this.path = path;
    }

    /** @throws IOException if the system gives none */
    public static PseudoTerminal open() throws IOException {
        try {
            var board = new FileDescriptor(
                    LibC.posix_openpt(LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_NONBLOCK | LibC.O_CLOEXEC));
            LibC.grantpt(board.number());
            LibC.unlockpt(board.number());
            byte[] name = new byte[128];
            LibC.ptsname_r(board.number(), name, new NativeLong(name.length));
            String path = Native.toString(name);
            var line = new FileDescriptor(LibC.open(path, LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC));
            line.makeRaw(0);
            return new PseudoTerminal(board, line, path);
        } catch (LastErrorException e) {
            throw new IOException("no pseudo-terminal: " + e.getMessage(), e);
        }
    }

    /** The file that hosts open. */
    public String path() {
        return path;
    }

    /** Bytes that hosts wrote; none if there are none within {@code limit}. */
    public byte[] read(Duration limit) {
        if (!board.await(LibC.POLLIN, limit)) {
            return new byte[0];
        }
        byte[] piece = new byte[4096];
        int count = Math.max(0, board.read(piece));
        return Arrays.copyOf(piece, count);
    }

    /** Sends a byte to the host; it is lost if nobody reads for long. */
    public void write(byte value) {
        board.write(new byte[] {value});
    }

    /** Pulls the cable. */
    @Override
    public void close() {
        line.close();
        board.close();
    }
}
