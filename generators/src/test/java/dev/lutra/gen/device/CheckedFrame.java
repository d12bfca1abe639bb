// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Checked frames by hand, as docs/boards.md has them. */
final class CheckedFrame {

    private CheckedFrame() {}

    /** A command with one word. */
    static byte[] of(int command, int address, int sequence, ByteBuffer word) {
        ByteBuffer frame = ByteBuffer.allocate(7 + 4 + 4 + 4);
        frame.put((byte) command).put((byte) 1).putInt(address).put((byte) sequence);
        frame.order(ByteOrder.LITTLE_ENDIAN).putInt(crc(frame.array(), 7));
        return frame.put(word.array()).putInt(crc(word.array(), 4)).array();
    }

    /** The answer to a frame that was carried out and reads nothing. */
    static byte[] answer(int sequence) {
        ByteBuffer answer =
                ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN).put((byte) sequence);
        return answer.putInt(crc(answer.array(), 1)).array();
    }

    private static int crc(byte[] bytes, int count) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
