// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import java.time.Duration;

/**
 * A serial line, 8N1, used by one thread at a time. Whatever ends it (a cable pulled) is a {@link dev.lutra.machine.UserException} of kind DEVICE.
 */
public interface SerialPort extends AutoCloseable {

    /** What it is called, for people. */
    String name();

    /** Sends bytes; returns when the line has taken all of them. */
    void write(byte[] bytes);

    /**
     * Receives what comes first, at most {@code length} bytes.
     *
     * @return how many; 0 if none came within {@code limit}
     */
    int read(byte[] into, int offset, int length, Duration limit);

    @Override
    void close();
}
