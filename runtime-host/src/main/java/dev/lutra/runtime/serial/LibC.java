// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** What of the C library serial lines need, with the constants of Linux (asm-generic, which x86 and ARM share). */
final class LibC {
    static final int O_RDWR = 2;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final short POLLIN = 1;
    static final short POLLOUT = 4;
    static final short POLLERR = 8;
    static final short POLLHUP = 16;
    static final int POLL_BYTES = 8;

    static final int LOCK_EX_NB = 2 | 4;

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENOENT = 2;
    static final int EBUSY = 16;

    static final int TCSANOW = 0;
    static final int TCIOFLUSH = 2;
    /** struct termios: four flags, a line discipline and 32 characters, two speeds; with room to spare. */
    static final int TERMIOS_BYTES = 128;

    static final int TERMIOS_CFLAG = 8;
    static final int CREAD = 0x80;
    static final int CLOCAL = 0x800;
    static final int CRTSCTS = 0x80000000;
    static final int TIOCEXCL = 0x540C;

    static {
        Native.register("c");
    }

    private LibC() {}

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int file) throws LastErrorException;

    static native NativeLong read(int file, byte[] into, NativeLong count) throws LastErrorException;

    static native NativeLong write(int file, byte[] from, NativeLong count) throws LastErrorException;

    static native int poll(Pointer descriptors, NativeLong count, int milliseconds) throws LastErrorException;

    static native int flock(int file, int operation) throws LastErrorException;

    static native int ioctl(int file, NativeLong request, int argument) throws LastErrorException;

    static native int tcgetattr(int file, Pointer termios) throws LastErrorException;

    static native int tcsetattr(int file, int when, Pointer termios) throws LastErrorException;

    static native int tcflush(int file, int queue) throws LastErrorException;

    static native void cfmakeraw(Pointer termios);

    static native int cfsetspeed(Pointer termios, int speed) throws LastErrorException;

    static native int posix_openpt(int flags) throws LastErrorException;

    static native int grantpt(int file) throws LastErrorException;

    static native int unlockpt(int file) throws LastErrorException;

    static native int ptsname_r(int file, byte[] name, NativeLong length) throws LastErrorException;
}
