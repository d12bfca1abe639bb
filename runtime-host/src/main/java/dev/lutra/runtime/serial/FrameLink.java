// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.SerialProtocol;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.device.Link;
import dev.lutra.runtime.device.RegionWatch;
import dev.lutra.runtime.device.WordBus;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * An accelerator with its memory on the chip, behind a line of checked frames. There is no interrupt wire: the pending bit is polled.
 *
 * <p>A region that a host left running when it ended is aborted when the next one opens the link.
 */
public final class FrameLink implements Link, WordBus {

    private final FrameLine line;
    private final long memoryBytes;
    private final CheckedFrames frames;
    private final RegionWatch watch = new RegionWatch(this);

    /**
     * Opens the link; closes the line if there is no accelerator on it.
     *
     * @param memoryBytes on the chip
     * @throws UserException if nothing answers
     */
    public FrameLink(FrameLine line, long memoryBytes) {
        this.line = line;
        this.memoryBytes = memoryBytes;
        try {
            frames = new CheckedFrames(line);
            watch.restIfThere();
        } catch (RuntimeException failure) {
            line.close();
            throw failure;
        }
    }

    /**
     * The machine of a board's address: that of its option, else the smallest.
     *
     * @throws UserException if its memory is not on the chip
     */
    static Machine machine(DeviceAddress address) {
        Machine machine = address.machine(Machine.smallest());
        if (machine.bus().kind() != Bus.Kind.LOCAL) {
            throw UserException.badInput(
                    "device " + address
                            + ": a board on a serial line has its memory on the chip, this machine has AXI4",
                    "Use the machine.json that lutra build wrote with the bitstream.");
        }
        return machine;
    }

    @Override
    public String description() {
        return "board on " + line.name();
    }

    /** Frames that had to be sent again. */
    public long repeats() {
        return frames.repeats();
    }

    @Override
    public int readRegister(int offset) {
        return ByteBuffer.wrap(frames.read(SerialProtocol.REGISTERS + offset / 4, 1))
                .getInt();
    }

    @Override
    public void writeRegister(int offset, int value) {
        frames.write(
                SerialProtocol.REGISTERS + offset / 4,
                ByteBuffer.allocate(4).putInt(value).array());
    }

    @Override
    public long memoryBytes() {
        return memoryBytes;
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        readBytes(address, destination);
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        writeBytes(address, source);
    }

    @Override
    public int blockWords() {
        return SerialProtocol.MAX_WORDS;
    }

    @Override
    public int[] readWords(long address, int count) {
        int[] words = new int[count];
        ByteBuffer.wrap(frames.read((int) (address / 4), count)).asIntBuffer().get(words);
        return words;
    }

    @Override
    public void writeWords(long address, int[] words) {
        byte[] bytes = new byte[4 * words.length];
        ByteBuffer.wrap(bytes).asIntBuffer().put(words);
        frames.write((int) (address / 4), bytes);
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        return watch.poll(limit);
    }

    @Override
    public void reset() {
        watch.rest();
    }

    @Override
    public void close() {
        line.close();
    }
}
