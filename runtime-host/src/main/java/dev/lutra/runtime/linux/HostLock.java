// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linux;

import com.sun.jna.LastErrorException;
import dev.lutra.machine.UserException;

/** One host at a time: a lock (flock) on a file, which the system gives back when the process ends, however it does. */
public final class HostLock {

    private HostLock() {}

    /**
     * Locks an open file until it is closed.
     *
     * @param path what it is called, for people
     * @throws UserException if another process, or another device of this one, has it
     */
    public static void take(FileDescriptor file, String path) {
        try {
            LibC.flock(file.number(), LibC.LOCK_EX_NB);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EAGAIN) {
                throw inUse(path, e);
            }
            throw new UserException(UserException.Kind.DEVICE, "cannot lock " + path + ": " + e.getMessage(), null, e);
        }
    }

    /** Says that somebody else has a device. */
    public static UserException inUse(String path, LastErrorException e) {
        return new UserException(
                UserException.Kind.DEVICE,
                path + " is in use by another process",
                "End that process first; fuser " + path + " names it.",
                e);
    }
}
