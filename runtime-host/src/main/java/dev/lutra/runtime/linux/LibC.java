// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** What of the C library the devices of the system need, with the constants of Linux (asm-generic, which x86 and ARM share). */
public final class LibC {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_NOCTTY = 0x100;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    public static final short POLLIN = 1;
    public static final short POLLOUT = 4;
    public static final short POLLERR = 8;
    public static final short POLLHUP = 16;
    public static final int POLL_BYTES = 8;

    public static final int PROT_READ_WRITE = 1 | 2;
    public static final int MAP_SHARED = 1;

    public static final int LOCK_EX_NB = 2 | 4;

    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int ENOENT = 2;
    public static final int ENXIO = 6;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    public static final int ESHUTDOWN = 108;

    public static final int TCSANOW = 0;
    public static final int TCIOFLUSH = 2;
    /** struct termios: four flags, a line discipline and 32 characters, two speeds; with room to spare. */
    public static final int TERMIOS_BYTES = 128;

    public static final int TERMIOS_CFLAG = 8;
    public static final int CREAD = 0x80;
    public static final int CLOCAL = 0x800;
    public static final int CRTSCTS = 0x80000000;
    public static final int TIOCEXCL = 0x540C;

    static {
        Native.register("c");
    }

    private LibC() {}

    public static native int open(String path, int flags) throws LastErrorException;

    public static native int close(int file) throws LastErrorException;

    public static native NativeLong read(int file, byte[] into, NativeLong count) throws LastErrorException;

    public static native NativeLong write(int file, byte[] from, NativeLong count) throws LastErrorException;

    /** File offsets have 64 bits on every Linux that Java 17 runs on. */
    public static native NativeLong pread(int file, Pointer into, NativeLong count, long offset)
            throws LastErrorException;

    public static native NativeLong pwrite(int file, Pointer from, NativeLong count, long offset)
            throws LastErrorException;

    public static native Pointer mmap(
            Pointer address, NativeLong length, int protection, int flags, int file, long offset)
            throws LastErrorException;

    public static native int munmap(Pointer address, NativeLong length) throws LastErrorException;

    public static native int poll(Pointer descriptors, NativeLong count, int milliseconds) throws LastErrorException;

    public static native int flock(int file, int operation) throws LastErrorException;

    public static native int ioctl(int file, NativeLong request, int argument) throws LastErrorException;

    public static native int ioctl(int file, NativeLong request, Pointer argument) throws LastErrorException;

    public static native int tcgetattr(int file, Pointer termios) throws LastErrorException;

    public static native int tcsetattr(int file, int when, Pointer termios) throws LastErrorException;

    public static native int tcflush(int file, int queue) throws LastErrorException;

    public static native void cfmakeraw(Pointer termios);

    public static native int cfsetspeed(Pointer termios, int speed) throws LastErrorException;

    public static native int posix_openpt(int flags) throws LastErrorException;

    public static native int grantpt(int file) throws LastErrorException;

    public static native int unlockpt(int file) throws LastErrorException;

    public static native int ptsname_r(int file, byte[] name, NativeLong length) throws LastErrorException;
}
