// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linux;

import com.sun.jna.LastErrorException;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lock of a device that is no file: one host at a time, of those on this computer. */
public final class LockFile implements AutoCloseable {

    private final FileDescriptor file;

    private LockFile(FileDescriptor file) {
        this.file = file;
    }

    /**
     * Takes the lock.
     *
     * @param device what it locks, for people and for the file's name
     * @throws UserException if another process, or another device of this one, has it
     */
    public static LockFile of(String device) {
        Path path = Path.of(
                System.getProperty("java.io.tmpdir"), "lutra-" + device.replaceAll("[^A-Za-z0-9.]", "-") + ".lock");
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException usual) {
            // Another host made it, perhaps another user's: reading is enough for a lock.
        } catch (IOException e) {
            throw cannotLock(device, path, e);
        }
        try {
            var file = new FileDescriptor(LibC.open(path.toString(), LibC.O_RDONLY | LibC.O_CLOEXEC));
            try {
                HostLock.take(file, device, path.toString());
                return new LockFile(file);
            } catch (UserException e) {
                file.close();
                throw e;
            }
        } catch (LastErrorException e) {
            throw cannotLock(device, path, e);
        }
    }

    private static UserException cannotLock(String device, Path path, Exception e) {
        return new UserException(
                UserException.Kind.DEVICE, "cannot lock " + device + " by " + path + ": " + e.getMessage(), null, e);
    }

    @Override
    public void close() {
        file.close();
    }
}
