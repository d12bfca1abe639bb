// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import static java.util.Objects.requireNonNull;

import dev.lutra.machine.SerialProtocol;
import dev.lutra.machine.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Words to and from a board in checked frames ({@link SerialProtocol}), each carried out exactly once whatever the line does to their bytes: what is
 * not answered well is sent again, with the same sequence number.
 */
final class CheckedFrames {

    private static final int HEAD_BYTES = 7;
    private static final int CRC_BYTES = 4;

    private final FrameLine line;
    private int sequence;
    private long repeats;

    /** Bytes on the line, both ways, of so many bytes that are written. */
    static long bytesToWrite(long bytes, LineKind line) {
        return bytes + frames(bytes) * (HEAD_BYTES + CRC_BYTES + CRC_BYTES + 1 + CRC_BYTES + line.bytesPerFrame());
    }

    /** The same of bytes that are read. */
    static long bytesToRead(long bytes, LineKind line) {
        return bytes + frames(bytes) * (HEAD_BYTES + CRC_BYTES + 1 + CRC_BYTES + line.bytesPerFrame());
    }

    private static long frames(long bytes) {
        int most = 4 * SerialProtocol.MAX_WORDS;
        return (bytes + most - 1) / most;
    }

    /** Says hello to the board: the sequence numbers of another host do not matter from here on. */
    CheckedFrames(FrameLine line) {
        this.line = line;
        sequence = (int) (System.nanoTime() & 0xFF);
        line.settle(0);
        exchange(SerialProtocol.CHECKED_OPEN, 0, 0, null);
    }

    /** Writes 1 to 255 words, highest byte first in {@code words}, to ascending word addresses. */
    void write(int address, byte[] words) {
        exchange(SerialProtocol.CHECKED_WRITE, words.length / 4, address, words);
    }

    /** Reads 1 to 255 words, highest byte first in the result. */
    byte[] read(int address, int words) {
        return exchange(SerialProtocol.CHECKED_READ, words, address, null);
    }

    /** Frames that had to be sent again. */
    long repeats() {
        return repeats;
    }

    private byte[] exchange(int command, int words, int address, byte @Nullable [] data) {
        sequence = sequence + 1 & 0xFF;
        byte[] frame = frame(command, words, address, data);
        int dataBytes = command == SerialProtocol.CHECKED_READ ? 4 * words : 0;
        byte[] answer = new byte[1 + dataBytes + CRC_BYTES];
        boolean heard = false;
        for (int attempt = 0; attempt < line.attempts(); attempt++) {
            if (attempt > 0) {
                repeats++;
                line.settle(attempt);
            }
            int count = line.exchange(frame, answer, attempt);
            heard |= count > 0;
            if (count == answer.length && isGood(answer)) {
                byte[] result = new byte[dataBytes];
                System.arraycopy(answer, 1, result, 0, dataBytes);
                return result;
            }
        }
        throw new UserException(
                UserException.Kind.DEVICE,
                heard
                        ? line.name() + ": the board's answers are garbled, " + line.attempts() + " times in a row"
                        : "the board on " + line.name() + " does not answer, " + line.attempts() + " times in a row",
                heard ? line.hintOnNoise() : line.hintOnSilence());
    }

    private byte[] frame(int command, int words, int address, byte @Nullable [] data) {
        int bytes = HEAD_BYTES + CRC_BYTES + (data == null ? 0 : requireNonNull(data).length + CRC_BYTES);
        ByteBuffer frame = ByteBuffer.allocate(bytes);
        frame.put((byte) command).put((byte) words).putInt(address).put((byte) sequence);
        frame.order(ByteOrder.LITTLE_ENDIAN).putInt(crc(frame.array(), 0, HEAD_BYTES));
        if (data != null) {
            frame.put(data).putInt(crc(data, 0, data.length));
        }
        return frame.array();
    }

    private boolean isGood(byte[] answer) {
        int end = answer.length - CRC_BYTES;
        int sent = ByteBuffer.wrap(answer, end, CRC_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        return (answer[0] & 0xFF) == sequence && sent == crc(answer, 0, end);
    }

    private static int crc(byte[] bytes, int from, int count) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, count);
        return (int) crc.getValue();
    }
}
