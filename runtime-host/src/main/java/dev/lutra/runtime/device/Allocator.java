// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.UserException;
import java.util.TreeMap;

/** First-fit allocation of device memory in aligned pieces; neighbours that are freed grow together again. */
final class Allocator {

    /** AXI bursts stay within 4 KiB: buffers that start on such a boundary need the fewest bursts. */
    static final int AXI_ALIGNMENT = 4096;

    /** Memory on the chip has no bursts, and little room. */
    static final int LOCAL_ALIGNMENT = 64;

    private final TreeMap<Long, Long> free = new TreeMap<>();
    private final long capacity;
    private final int alignment;

    /** @param start address of the first byte, a multiple of {@code alignment} */
    Allocator(long start, long bytes, int alignment) {
        capacity = bytes;
        this.alignment = alignment;
        free.put(start, bytes);
    }

    Buffer allocate(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
        }
        long rounded = (bytes + alignment - 1) / alignment * alignment;
        for (var hole : free.entrySet()) {
            if (hole.getValue() >= rounded) {
                long address = hole.getKey();
                long left = hole.getValue() - rounded;
                free.remove(address);
                if (left > 0) {
                    free.put(address + rounded, left);
                }
                return new Buffer(address, bytes);
            }
        }
        long largest = free.values().stream().mapToLong(Long::longValue).max().orElse(0);
        throw new UserException(
                UserException.Kind.DEVICE,
                "device memory is full: a buffer of " + bytes + " bytes was asked for, the largest free piece of the "
                        + capacity + " bytes has " + largest,
                "Use a smaller model or fewer bits per weight, or open the device with more memory (memory=...).");
    }

    void release(Buffer buffer) {
        long start = buffer.address();
        long end = start + (buffer.bytes() + alignment - 1) / alignment * alignment;
        var before = free.floorEntry(start);
        if (before != null && before.getKey() + before.getValue() == start) {
            start = before.getKey();
        }
        Long after = free.remove(end);
        if (after != null) {
            end += after;
        }
        free.put(start, end - start);
    }
}
