// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import dev.lutra.machine.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A character device of a driver: transfers at a position, mappings, and reads that wait. Failures are {@link UserException}s of kind DEVICE. */
public final class DeviceFile implements AutoCloseable {

    private static final int WORD = 4;

    private final String path;
    private final FileDescriptor file;
    private final Memory word = new Memory(WORD);

    private DeviceFile(String path, FileDescriptor file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Opens a device.
     *
     * @param flags as open(2) has them
     * @param driver what makes such files, for people: "Is ... loaded?"
     * @throws UserException if there is none or it may not be opened
     */
    public static DeviceFile open(String path, int flags, String driver) {
        try {
            return new DeviceFile(path, new FileDescriptor(LibC.open(path, flags | LibC.O_CLOEXEC)));
        } catch (LastErrorException e) {
            String hint = switch (e.getErrorCode()) {
                case LibC.EACCES -> "Give yourself the right to use it: a udev rule, or sudo chmod a+rw " + path;
                case LibC.EBUSY -> "End the process that has it; fuser " + path + " names it.";
                default -> "Is " + driver + " loaded, and the board there? ls /dev shows what devices there are.";
            };
            throw new UserException(UserException.Kind.DEVICE, "cannot open " + path + ": " + e.getMessage(), hint, e);
        }
    }

    public String path() {
        return path;
    }

    /** Locks it until it is closed; see {@link HostLock}. */
    public void lock() {
        HostLock.take(file, path);
    }

    /** Moves at most {@code count} bytes from position {@code offset} of the device into memory; returns how many. */
    public int readAt(long offset, Pointer into, int count) {
        try {
            return LibC.pread(file.number(), into, new NativeLong(count), offset)
                    .intValue();
        } catch (LastErrorException e) {
            throw failed("read", offset, e);
        }
    }

    /** Moves at most {@code count} bytes from memory to position {@code offset} of the device; returns how many. */
    public int writeAt(long offset, Pointer from, int count) {
        try {
            return LibC.pwrite(file.number(), from, new NativeLong(count), offset)
                    .intValue();
        } catch (LastErrorException e) {
            throw failed("write", offset, e);
        }
    }

    /** Reads 32 bits at a position. */
    public int readWordAt(long offset) {
        if (readAt(offset, word, WORD) != WORD) {
            throw gone(null);
        }
        return word.getInt(0);
    }

    /** Writes 32 bits at a position. */
    public void writeWordAt(long offset, int value) {
        word.setInt(0, value);
        if (writeAt(offset, word, WORD) != WORD) {
            throw gone(null);
        }
    }

    /**
     * Waits for an interrupt of the device and takes it: a read of 4 bytes.
     *
     * @return whether one came within {@code limit}
     */
    public boolean awaitWord(Duration limit) {
        try {
            if (!file.await(LibC.POLLIN, limit)) {
                return false;
            }
            int count = file.read(new byte[WORD]);
            if (count < 0) {
                throw gone(null);
            }
            return count == WORD;
        } catch (LastErrorException e) {
            throw gone(e);
        }
    }

    /** Writes 32 bits, without a position. */
    public void writeWord(int value) {
        byte[] bytes = new byte[WORD];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(value);
        try {
            file.write(bytes);
        } catch (LastErrorException e) {
            throw gone(e);
        }
    }

    /**
     * Asks the driver for something (ioctl); returns its answer.
     *
     * @param what it is asked for, for people: "FILE cannot be used ..."
     */
    public int control(int request, Pointer argument, String what) {
        try {
            return LibC.ioctl(file.number(), new NativeLong(request), argument);
        } catch (LastErrorException e) {
            if (isGone(e)) {
                throw gone(e);
            }
            throw new UserException(
                    UserException.Kind.DEVICE,
                    path + " cannot be used " + what + ": " + e.getMessage(),
                    "Is it the device that is meant? The driver's own words are in dmesg.",
                    e);
        }
    }

    /** Maps a piece of the device into this process; it stays until the process ends or {@link #unmap}. */
    public Pointer map(long offset, long bytes) {
        try {
            return LibC.mmap(
                    Pointer.NULL, new NativeLong(bytes), LibC.PROT_READ_WRITE, LibC.MAP_SHARED, file.number(), offset);
        } catch (LastErrorException e) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "cannot map %,d bytes at 0x%X of %s: %s".formatted(bytes, offset, path, e.getMessage()),
                    "Is it the device of this accelerator, and of this size?",
                    e);
        }
    }

    /** Ends a mapping. */
    public static void unmap(Pointer mapping, long bytes) {
        LibC.munmap(mapping, new NativeLong(bytes));
    }

    private UserException failed(String what, long offset, LastErrorException e) {
        if (isGone(e)) {
            return gone(e);
        }
        return new UserException(
                UserException.Kind.DEVICE,
                "cannot %s %s at 0x%X: %s".formatted(what, path, offset, e.getMessage()),
                "Check that the address options fit the bitstream; the driver's own words are in dmesg.",
                e);
    }

    private static boolean isGone(LastErrorException e) {
        return e.getErrorCode() == LibC.ENODEV || e.getErrorCode() == LibC.ENXIO || e.getErrorCode() == LibC.ESHUTDOWN;
    }

    private UserException gone(@Nullable LastErrorException e) {
        return lost(path, e);
    }

    /** Says that a board left while it was used. */
    public static UserException lost(String name, @Nullable Exception cause) {
        return new UserException(
                UserException.Kind.DEVICE,
                name + " is gone: the board was unplugged, lost its power or is being programmed",
                "When it is back (lspci, or reload its driver), run the command again.",
                cause);
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
