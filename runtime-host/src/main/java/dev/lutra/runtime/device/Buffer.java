// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

/**
 * A piece of device memory.
 *
 * @param address its first byte, as the accelerator addresses it
 * @param bytes its size
 */
public record Buffer(long address, long bytes) {

    /** Fails unless {@code length} bytes from {@code offset} on lie inside. */
    void check(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes from offset " + offset + " do not lie in a buffer of " + bytes);
        }
    }
}
