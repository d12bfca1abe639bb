// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.SerialProtocol;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Link;
import dev.lutra.runtime.device.RegionWatch;
import dev.lutra.runtime.device.WordBus;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * An accelerator with its memory on the chip, on a serial line. There is no interrupt wire: the pending bit is polled.
 *
 * <p>A region that a host left running when it ended is aborted when the next one opens the link.
 */
public final class UartLink implements Link, WordBus {

    private final SerialPort port;
    private final long memoryBytes;
    private final CheckedLine line;
    private final RegionWatch watch = new RegionWatch(this);

    /**
     * Opens the link; closes the port if there is no accelerator on it.
     *
     * @param memoryBytes on the chip
     * @throws UserException if nothing answers
     */
    public UartLink(SerialPort port, LineTiming timing, long memoryBytes) {
        this.port = port;
        this.memoryBytes = memoryBytes;
        try {
            line = new CheckedLine(port, timing);
            watch.restIfThere();
        } catch (RuntimeException failure) {
            port.close();
            throw failure;
        }
    }

    @Override
    public String description() {
        return "board on " + port.name();
    }

    /** Frames that had to be sent again. */
    public long repeats() {
        return line.repeats();
    }

    @Override
    public int readRegister(int offset) {
        return ByteBuffer.wrap(line.read(SerialProtocol.REGISTERS + offset / 4, 1))
                .getInt();
    }

    @Override
    public void writeRegister(int offset, int value) {
        line.write(
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
        ByteBuffer.wrap(line.read((int) (address / 4), count)).asIntBuffer().get(words);
        return words;
    }

    @Override
    public void writeWords(long address, int[] words) {
        byte[] bytes = new byte[4 * words.length];
        ByteBuffer.wrap(bytes).asIntBuffer().put(words);
        line.write((int) (address / 4), bytes);
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
        port.close();
    }
}
