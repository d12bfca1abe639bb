// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that is reached in words of 32 bits alone, in blocks of limited length. */
public interface WordBus {

    /** Most words of one block. */
    int blockWords();

    /** Reads words from a byte address, a multiple of 4. */
    int[] readWords(long address, int count);

    /** Writes words to a byte address, a multiple of 4. */
    void writeWords(long address, int[] words);

    /** Fills {@code destination} from any byte address; memory is little endian. */
    default void readBytes(long address, ByteBuffer destination) {
        int skip = (int) (address % 4);
        long word = address - skip;
        while (destination.hasRemaining()) {
            int words = (int) Math.min(blockWords(), (skip + (long) destination.remaining() + 3) / 4);
            byte[] bytes = bytes(readWords(word, words));
            destination.put(bytes, skip, Math.min(bytes.length - skip, destination.remaining()));
            word += 4L * words;
            skip = 0;
        }
    }

    /** Writes all that remains in {@code source} to any byte address; words that are written in part keep the rest. */
    default void writeBytes(long address, ByteBuffer source) {
        int skip = (int) (address % 4);
        long word = address - skip;
        while (source.hasRemaining()) {
            int words = (int) Math.min(blockWords(), (skip + (long) source.remaining() + 3) / 4);
            byte[] bytes = new byte[4 * words];
            int count = Math.min(bytes.length - skip, source.remaining());
            if (skip > 0) {
                System.arraycopy(bytes(readWords(word, 1)), 0, bytes, 0, skip);
            }
            int end = skip + count;
            if (end % 4 != 0) {
                byte[] last = bytes(readWords(word + 4L * (words - 1), 1));
                System.arraycopy(last, end % 4, bytes, end, 4 - end % 4);
            }
            source.get(bytes, skip, count);
            int[] block = new int[words];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(block);
            writeWords(word, block);
            word += 4L * words;
            skip = 0;
        }
    }

    private static byte[] bytes(int[] words) {
        byte[] bytes = new byte[4 * words.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(words);
        return bytes;
    }
}
