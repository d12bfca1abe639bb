// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.time.Duration;

/** An open file of the system, terminal or device: its file descriptor and the memory that calls need. */
public final class FileDescriptor {

    private final int number;
    private final Memory poll = new Memory(LibC.POLL_BYTES);
    private boolean closed;

    public FileDescriptor(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Bytes, 8 bits each, no echo, no control characters, no flow control; a speed of 0 leaves it as it is. */
    public void makeRaw(int baud) {
        var termios = new Memory(LibC.TERMIOS_BYTES);
        termios.clear();
        LibC.tcgetattr(number, termios);
        LibC.cfmakeraw(termios);
        int flags = termios.getInt(LibC.TERMIOS_CFLAG);
        termios.setInt(LibC.TERMIOS_CFLAG, (flags | LibC.CREAD | LibC.CLOCAL) & ~LibC.CRTSCTS);
        if (baud > 0) {
            LibC.cfsetspeed(termios, baud);
        }
        LibC.tcsetattr(number, LibC.TCSANOW, termios);
    }

    /**
     * Waits until it can be read or written.
     *
     * @return whether it can; errors and hang-ups count, since the next call tells them
     */
    public boolean await(short event, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            long left = Math.max(0, deadline - System.nanoTime());
            poll.setInt(0, number);
            poll.setShort(4, event);
            poll.setShort(6, (short) 0);
            try {
                // Rounded up: the last fraction of a millisecond must not be a busy loop.
                int ready = LibC.poll(
                        poll, new NativeLong(1), (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000));
                return ready > 0;
            } catch (LastErrorException e) {
                if (e.getErrorCode() != LibC.EINTR) {
                    throw e;
                }
            }
        }
    }

    /**
     * Reads what is there.
     *
     * @return bytes read; 0 if there are none, -1 at the end of the file
     */
    public int read(byte[] into) {
        try {
            int count = LibC.read(number, into, new NativeLong(into.length)).intValue();
            return count == 0 ? -1 : count;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EAGAIN || e.getErrorCode() == LibC.EINTR) {
                return 0;
            }
            throw e;
        }
    }

    /** Writes what the line takes now: bytes written, perhaps 0. */
    public int write(byte[] bytes) {
        try {
            return LibC.write(number, bytes, new NativeLong(bytes.length)).intValue();
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EAGAIN || e.getErrorCode() == LibC.EINTR) {
                return 0;
            }
            throw e;
        }
    }

    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(number);
        }
    }
}
