// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.linux.FileDescriptor;
import dev.lutra.runtime.linux.HostLock;
import dev.lutra.runtime.linux.LibC;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A serial line of the system (Linux): {@code /dev/ttyUSB1}, {@code /dev/pts/4}. It is locked (flock) as long as it is open, so that a second host
 * is refused; the system gives the lock back when the process ends, however it does.
 */
public final class TerminalPort implements SerialPort {

    /** Longer than any line takes for what its driver buffers. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(5);

    private static final int PIECE = 4096;

    private final String path;
    private final FileDescriptor file;

    private TerminalPort(String path, FileDescriptor file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Opens a line.
     *
     * @param baud bits a second
     * @throws UserException if there is none, it may not be opened, another process has it, or it does not know the speed
     */
    public static TerminalPort open(String path, int baud) {
        FileDescriptor file;
        try {
            file = new FileDescriptor(LibC.open(path, LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_NONBLOCK | LibC.O_CLOEXEC));
        } catch (LastErrorException e) {
            throw cannotOpen(path, e);
        }
        try {
            HostLock.take(file, path);
            LibC.ioctl(file.number(), new NativeLong(LibC.TIOCEXCL), 0);
            file.makeRaw(baud);
            LibC.tcflush(file.number(), LibC.TCIOFLUSH);
        } catch (LastErrorException e) {
            file.close();
            throw new UserException(
                    UserException.Kind.DEVICE,
                    path + " cannot be used as a serial line of " + baud + " baud: " + e.getMessage(),
                    "Give the file of a serial line, and a speed that it knows (baud=115200).",
                    e);
        } catch (UserException e) {
            file.close();
            throw e;
        }
        return new TerminalPort(path, file);
    }

    private static UserException cannotOpen(String path, LastErrorException e) {
        if (e.getErrorCode() == LibC.EBUSY) {
            return HostLock.inUse(path, e);
        }
        String hint = switch (e.getErrorCode()) {
            case LibC.EACCES ->
                "On Debian and Ubuntu, add yourself to the group that owns it: sudo adduser $USER dialout";
            case LibC.ENOENT ->
                "Is the board plugged in? ls /dev/ttyUSB* /dev/ttyACM* shows the serial lines there are.";
            default -> null;
        };
        return new UserException(UserException.Kind.DEVICE, "cannot open " + path + ": " + e.getMessage(), hint, e);
    }

    @Override
    public String name() {
        return path;
    }

    @Override
    public void write(byte[] bytes) {
        try {
            int done = 0;
            while (done < bytes.length) {
                if (!file.await(LibC.POLLOUT, WRITE_LIMIT)) {
                    throw new UserException(
                            UserException.Kind.DEVICE,
                            path + " takes no bytes for " + WRITE_LIMIT.toSeconds() + " seconds",
                            "Unplug the board and plug it in again.");
                }
                done += file.write(Arrays.copyOfRange(bytes, done, Math.min(bytes.length, done + PIECE)));
            }
        } catch (LastErrorException e) {
            throw gone(e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration limit) {
        try {
            if (!file.await(LibC.POLLIN, limit)) {
                return 0;
            }
            byte[] piece = new byte[length];
            int count = file.read(piece);
            if (count < 0) {
                throw gone(null);
            }
            System.arraycopy(piece, 0, into, offset, count);
            return count;
        } catch (LastErrorException e) {
            throw gone(e);
        }
    }

    private UserException gone(@Nullable LastErrorException e) {
        return new UserException(
                UserException.Kind.DEVICE,
                path + " is gone: the cable was pulled or the board lost its power",
                "Plug it in and run the command again.",
                e);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (LastErrorException gone) {
            // Closed it is.
        }
    }
}
