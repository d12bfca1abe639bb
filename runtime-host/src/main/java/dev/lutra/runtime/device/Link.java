// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The way to an accelerator: its registers, its memory, and its done signal. This is all that a back end has to supply.
 *
 * <p>Used by one thread at a time. Failures of the transport are {@link dev.lutra.machine.UserException}s of kind
 * DEVICE.
 */
public interface Link extends AutoCloseable {

    /** What this is, for people: "Verilator simulation", "board on /dev/xdma0". */
    String description();

    /** Reads a 32-bit register at a byte offset. */
    int readRegister(int offset);

    /** Writes a 32-bit register at a byte offset. */
    void writeRegister(int offset, int value);

    /** Address of the memory's first byte, as the accelerator addresses it; where it has the bus to itself that is 0. */
    default long memoryAddress() {
        return 0;
    }

    /** Bytes of memory the accelerator can address, from {@link #memoryAddress} up. */
    long memoryBytes();

    /** Fills {@code destination} from memory at {@code address}. */
    void readMemory(long address, ByteBuffer destination);

    /** Writes all that remains in {@code source} to memory at {@code address}. */
    void writeMemory(long address, ByteBuffer source);

    /**
     * Waits until the accelerator raises its interrupt, for at most {@code limit}.
     *
     * @return whether it did
     */
    boolean awaitInterrupt(Duration limit);

    /** Resets the accelerator; memory keeps its contents. */
    void reset();

    @Override
    void close();
}
