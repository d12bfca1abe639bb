// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linux;

import com.sun.jna.LastErrorException;
import dev.lutra.machine.UserException;

/** One host at a time: a lock (flock) on a file, which the system gives back when the process ends, however it does. */
public final class HostLock {

    private HostLock() {}

    /** Locks an open device as {@link #take(FileDescriptor, String, String)} does a file that stands for one. */
    public static void take(FileDescriptor file, String path) {
        take(file, path, path);
    }

    /**
     * Locks an open file until it is closed.
     *
     * @param device what it stands for, for people
     * @param path where it is
     * @throws UserException if another process, or another device of this one, has it
     */
    static void take(FileDescriptor file, String device, String path) {
        try {
            LibC.flock(file.number(), LibC.LOCK_EX_NB);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EAGAIN) {
                throw inUse(device, path, e);
            }
            throw new UserException(
                    UserException.Kind.DEVICE, "cannot lock " + device + ": " + e.getMessage(), null, e);
        }
    }

    /** Says that somebody else has a device. */
    public static UserException inUse(String path, LastErrorException e) {
        return inUse(path, path, e);
    }

    private static UserException inUse(String device, String path, LastErrorException e) {
        return new UserException(
                UserException.Kind.DEVICE,
                device + " is in use by another process",
                "End that process first; fuser " + path + " names it.",
                e);
    }
}
