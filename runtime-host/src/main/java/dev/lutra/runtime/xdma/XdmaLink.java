// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.xdma;

import com.sun.jna.Memory;
import dev.lutra.runtime.device.BoardOptions;
import dev.lutra.runtime.device.CardRegisters;
import dev.lutra.runtime.device.Link;
import dev.lutra.runtime.device.RegionWatch;
import dev.lutra.runtime.linux.DeviceFile;
import dev.lutra.runtime.linux.LibC;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An accelerator behind XDMA: registers in the user BAR, 4 bytes a call; memory through the two DMA directions, where the driver wants a buffer that lies in
 * its page as the data do in theirs; the interrupt as a file that becomes readable.
 */
final class XdmaLink implements Link {

    private static final String DRIVER = "the xdma driver";

    /** What buffers are aligned to; more than any engine asks for. */
    private static final int PAGE = 4096;

    /** Bytes of one transfer at most. */
    private static final int BLOCK = 1 << 20;

    private final String prefix;
    private final BoardOptions options;
    private final List<DeviceFile> files = new ArrayList<>();
    private final DeviceFile user;
    private final DeviceFile toCard;
    private final DeviceFile fromCard;
    private final DeviceFile events;
    private final Memory staging = new Memory(BLOCK + 2 * PAGE).align(PAGE);
    private final RegionWatch watch = new RegionWatch(this);

    /**
     * @param prefix of the card's files, /dev/xdma0
     * @param channel of the DMA, in both directions
     * @param event user interrupt that the accelerator's is wired to
     */
    XdmaLink(String prefix, int channel, int event, BoardOptions options) {
        this.prefix = prefix;
        this.options = options;
        try {
            user = open("_user", LibC.O_RDWR);
            user.lock();
            toCard = open("_h2c_" + channel, LibC.O_WRONLY);
            fromCard = open("_c2h_" + channel, LibC.O_RDONLY);
            events = open("_events_" + event, LibC.O_RDONLY);
            watch.restIfThere();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private DeviceFile open(String suffix, int flags) {
        DeviceFile file = DeviceFile.open(prefix + suffix, flags, DRIVER);
        files.add(file);
        return file;
    }

    @Override
    public String description() {
        return "card " + prefix;
    }

    @Override
    public int readRegister(int offset) {
        return CardRegisters.read(at -> user.readWordAt(options.registers() + at), offset, description());
    }

    @Override
    public void writeRegister(int offset, int value) {
        user.writeWordAt(options.registers() + offset, value);
    }

    @Override
    public long memoryAddress() {
        return options.base();
    }

    @Override
    public long memoryBytes() {
        return options.bytes();
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        long next = address;
        while (destination.hasRemaining()) {
            int skew = (int) (next % PAGE);
            int count = fromCard.readAt(next, staging.share(skew), Math.min(BLOCK, destination.remaining()));
            if (count <= 0) {
                throw DeviceFile.lost(fromCard.path(), null);
            }
            destination.put(staging.getByteBuffer(skew, count));
            next += count;
        }
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        long next = address;
        while (source.hasRemaining()) {
            int skew = (int) (next % PAGE);
            int length = Math.min(BLOCK, source.remaining());
            ByteBuffer piece = source.slice(source.position(), length);
            staging.getByteBuffer(skew, length).put(piece);
            int count = toCard.writeAt(next, staging.share(skew), length);
            if (count <= 0) {
                throw DeviceFile.lost(toCard.path(), null);
            }
            source.position(source.position() + count);
            next += count;
        }
    }

    /** An event may be one that another host left: the registers have the last word, also if an event got lost. */
    @Override
    public boolean awaitInterrupt(Duration limit) {
        events.awaitWord(limit);
        return watch.hasEnded();
    }

    @Override
    public void reset() {
        watch.rest();
    }

    @Override
    public void close() {
        files.forEach(DeviceFile::close);
    }
}
