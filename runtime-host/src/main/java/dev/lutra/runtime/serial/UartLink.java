// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Register;
import dev.lutra.machine.SerialProtocol;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Link;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * An accelerator with its memory on the chip, on a serial line. There is no interrupt wire: the pending bit is polled. It is enabled as long as the
 * board keeps its state, so that an accelerator that rests without it has been reset.
 *
 * <p>A region that a host left running when it ended is aborted when the next one opens the link.
 */
public final class UartLink implements Link {

    private static final Duration REST = Duration.ofSeconds(2);

    private final SerialPort port;
    private final long memoryBytes;
    private final CheckedLine line;

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
            if (readRegister(Register.ID.offset()) == Register.ID_VALUE) {
                reset();
            } // otherwise the device will say what it is
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
        int skip = (int) (address % 4);
        long word = address / 4;
        while (destination.hasRemaining()) {
            int words = Math.min(SerialProtocol.MAX_WORDS, (skip + destination.remaining() + 3) / 4);
            byte[] bytes = swapped(line.read((int) word, words));
            destination.put(bytes, skip, Math.min(bytes.length - skip, destination.remaining()));
            word += words;
            skip = 0;
        }
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        int skip = (int) (address % 4);
        long word = address / 4;
        while (source.hasRemaining()) {
            int words = Math.min(SerialProtocol.MAX_WORDS, (skip + source.remaining() + 3) / 4);
            byte[] bytes = new byte[4 * words];
            int count = Math.min(bytes.length - skip, source.remaining());
            // Words that are written in part keep the rest.
            if (skip > 0) {
                System.arraycopy(swapped(line.read((int) word, 1)), 0, bytes, 0, skip);
            }
            int end = skip + count;
            if (end % 4 != 0) {
                byte[] last = swapped(line.read((int) word + words - 1, 1));
                System.arraycopy(last, end % 4, bytes, end, 4 - end % 4);
            }
            source.get(bytes, skip, count);
            line.write((int) word, swapped(bytes));
            word += words;
            skip = 0;
        }
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        do {
            if (isPending()) {
                return true;
            }
            if ((readRegister(Register.CTRL.offset()) & ControlBit.IDLE.mask()) != 0 && !isPending()) {
                throw new UserException(
                        UserException.Kind.DEVICE,
                        "the board on " + port.name()
                                + " was reset: the accelerator rests, and has forgotten what it was to do",
                        "Run the command again. If it happens again, look at the board's power and reset button.");
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    private boolean isPending() {
        return readRegister(Register.ISR.offset()) != 0;
    }

    /** Ends what runs. Memory on the chip always answers, so an abort brings all units to rest; no wire for a reset is needed. */
    @Override
    public void reset() {
        long deadline = System.nanoTime() + REST.toNanos();
        writeRegister(Register.CTRL.offset(), ControlBit.ABORT.mask());
        while ((readRegister(Register.CTRL.offset()) & ControlBit.IDLE.mask()) == 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new UserException(
                        UserException.Kind.DEVICE,
                        "the accelerator on " + port.name() + " does not come to rest",
                        "Load its bitstream again: lutra program.");
            }
        }
        writeRegister(Register.ISR.offset(), 1);
    }

    @Override
    public void close() {
        port.close();
    }

    /** Memory is little endian, the line big endian. */
    private static byte[] swapped(byte[] words) {
        byte[] swapped = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            swapped[i] = words[i ^ 3];
        }
        return swapped;
    }
}
