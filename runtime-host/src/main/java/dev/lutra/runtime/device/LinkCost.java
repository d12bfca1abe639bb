// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Register;
import java.nio.ByteBuffer;

/**
 * What the way to a device costs, as a host sees it.
 *
 * @param readSeconds of one register read
 * @param writeSeconds of one register write
 * @param blockBytes size of the blocks that were moved
 * @param writeBytesPerSecond of blocks to its memory
 * @param readBytesPerSecond of blocks from its memory
 */
public record LinkCost(
        double readSeconds,
        double writeSeconds,
        int blockBytes,
        double writeBytesPerSecond,
        double readBytesPerSecond) {

    private static final int FIRST_BLOCK = 1 << 10;
    private static final int LARGEST_BLOCK = 1 << 20;
    private static final long ENOUGH = 200_000_000;

    /** Measures a device that nobody else uses, in about a second or the time that two blocks of 1 KiB take. */
    public static LinkCost measure(Device device) {
        double read = seconds(() -> device.readRegister(Register.ID));
        double write = seconds(device::writeHarmlessRegister);
        Buffer buffer = device.allocate(LARGEST_BLOCK / 16);
        int bytes = FIRST_BLOCK;
        // The largest block that takes no longer than all repetitions of a small one may.
        for (int next = bytes; next <= buffer.bytes(); next *= 2) {
            long start = System.nanoTime();
            device.write(buffer, 0, ByteBuffer.allocate(next));
            bytes = next;
            if (System.nanoTime() - start > ENOUGH / 4) {
                break;
            }
        }
        ByteBuffer block = ByteBuffer.allocateDirect(bytes);
        double written = bytes / seconds(() -> device.write(buffer, 0, block.clear()));
        double received = bytes / seconds(() -> device.read(buffer, 0, block.clear()));
        device.release(buffer);
        return new LinkCost(read, write, bytes, written, received);
    }

    /** Mean time of an action, once it has been tried. */
    private static double seconds(Runnable action) {
        action.run();
        long start = System.nanoTime();
        long count = 0;
        long now;
        do {
            action.run();
            count++;
            now = System.nanoTime();
        } while (now - start < ENOUGH);
        return (now - start) / 1e9 / count;
    }
}
