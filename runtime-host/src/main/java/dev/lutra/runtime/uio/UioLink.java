// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.uio;

import com.sun.jna.Pointer;
import dev.lutra.runtime.device.CardRegisters;
import dev.lutra.runtime.device.Link;
import dev.lutra.runtime.device.RegionWatch;
import dev.lutra.runtime.device.WordBus;
import dev.lutra.runtime.linux.DeviceFile;
import dev.lutra.runtime.linux.LibC;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An accelerator whose registers and memory are mapped into this process. Both are device memory, which ARM lets be accessed in aligned words alone, so
 * blocks are moved by words; fences keep the order between memory and registers.
 */
final class UioLink implements Link, WordBus {

    private static final int PAGE = 4096;
    private static final int REGISTER_BYTES = 4096;

    private final DeviceFile file;
    private final long address;
    private final long bytes;
    private final RegionWatch watch = new RegionWatch(this);
    private @Nullable Pointer registers;
    private @Nullable Pointer memory;
    private @Nullable IntBuffer words;

    /**
     * @param path of the device, /dev/uio0
     * @param system folder that describes it, /sys/class/uio/uio0
     * @param most bytes of memory to use
     */
    UioLink(String path, Path system, long most) {
        file = DeviceFile.open(path, LibC.O_RDWR, "the accelerator's device-tree overlay (driver generic-uio)");
        try {
            file.lock();
            UioMap.of(system, 0, "the registers");
            UioMap second = UioMap.of(system, 1, "its memory");
            address = second.address();
            bytes = Math.min(Math.min(second.bytes(), most), Integer.MAX_VALUE / PAGE * PAGE);
            registers = file.map(0, REGISTER_BYTES);
            memory = file.map((long) PAGE * second.number(), bytes);
            words = memory.getByteBuffer(0, bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer();
            watch.restIfThere();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public String description() {
        return "accelerator at " + file.path();
    }

    @Override
    public int readRegister(int offset) {
        int value = CardRegisters.read(at -> mapped(registers).getInt(at), offset, description());
        VarHandle.fullFence();
        return value;
    }

    @Override
    public void writeRegister(int offset, int value) {
        VarHandle.fullFence();
        mapped(registers).setInt(offset, value);
    }

    @Override
    public long memoryAddress() {
        return address;
    }

    @Override
    public long memoryBytes() {
        return bytes;
    }

    @Override
    public int blockWords() {
        return 1 << 12;
    }

    @Override
    public int[] readWords(long from, int count) {
        int[] block = new int[count];
        int first = (int) ((from - address) / 4);
        for (int i = 0; i < count; i++) {
            block[i] = mapped(words).get(first + i);
        }
        return block;
    }

    @Override
    public void writeWords(long to, int[] block) {
        int first = (int) ((to - address) / 4);
        for (int i = 0; i < block.length; i++) {
            mapped(words).put(first + i, block[i]);
        }
    }

    @Override
    public void readMemory(long from, ByteBuffer destination) {
        readBytes(from, destination);
    }

    @Override
    public void writeMemory(long to, ByteBuffer source) {
        writeBytes(to, source);
    }

    private static <T> T mapped(@Nullable T mapping) {
        if (mapping == null) {
            throw new IllegalStateException("the device is closed");
        }
        return mapping;
    }

    /** The driver masks an interrupt when it comes; a write of 1 lets the next one through, or this one again if it is still there. */
    @Override
    public boolean awaitInterrupt(Duration limit) {
        file.writeWord(1);
        file.awaitWord(limit);
        return watch.hasEnded();
    }

    @Override
    public void reset() {
        watch.rest();
    }

    @Override
    public void close() {
        if (registers != null) {
            DeviceFile.unmap(registers, REGISTER_BYTES);
            registers = null;
        }
        if (memory != null) {
            DeviceFile.unmap(memory, bytes);
            memory = null;
            words = null;
        }
        file.close();
    }
}
