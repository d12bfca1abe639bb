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
    private static final int LARGEST_BLOCK = 1 << 16;
    private static final long ENOUGH = 200_000_000;

    /** Measures a device that nobody else uses, in about a second, or the time that some blocks of 2 KiB take. */
    public static LinkCost measure(Device device) {
        double read = seconds(() -> device.readRegister(Register.ID));
        double write = seconds(device::writeHarmlessRegister);
        Buffer buffer = device.allocate(LARGEST_BLOCK);
        int bytes = FIRST_BLOCK;
        while (bytes < LARGEST_BLOCK && isQuick(device, buffer, 2 * bytes)) {
            bytes *= 2;
        }
        ByteBuffer block = ByteBuffer.allocateDirect(bytes);
        double written = bytes / seconds(() -> device.write(buffer, 0, block.clear()));
        double received = bytes / seconds(() -> device.read(buffer, 0, block.clear()));
        device.release(buffer);
        return new LinkCost(read, write, bytes, written, received);
    }

    /** Whether a block can be moved some times while it is measured. A busy computer may take long once, so it has two tries. */
    private static boolean isQuick(Device device, Buffer buffer, int bytes) {
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            device.write(buffer, 0, ByteBuffer.allocate(bytes));
            if (System.nanoTime() - start < ENOUGH / 4) {
                return true;
            }
        }
        return false;
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
