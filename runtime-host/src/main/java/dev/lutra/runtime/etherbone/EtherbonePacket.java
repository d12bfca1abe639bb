// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.etherbone;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A packet of Etherbone as LiteX speaks it: version 1, addresses and data of 32 bits, big endian, one record.
 *
 * <pre>
 * 4E 6F 10 44 00 00 00 00   magic, version, sizes
 * 00 0F W R                 byte enables, words written, words read
 * ADDR[4] DATA[4 * W]       if W is not 0: byte address of the first word, and the words
 * RET[4] ADDR[4 * R]        if R is not 0: a number that the answer gives back, and the byte addresses to read
 * </pre>
 *
 * <p>The answer to a read is a packet that writes the words read to address RET; LiteX's own server for TCP writes them to 0. Writes are not answered.
 *
 * @param writeAddress byte address of the first word written; 0 if none is
 * @param writes words to write, 0 to 255
 * @param readReturn number that the answer gives back; 0 if nothing is read
 * @param reads byte addresses to read, 0 to 255
 */
public record EtherbonePacket(int writeAddress, int[] writes, int readReturn, int[] reads) {

    /** Most words that are written, and that are read, by one packet. */
    public static final int MAX_WORDS = 255;

    /** The header and the four bytes that say how long the rest is. */
    public static final int HEAD_BYTES = 12;

    /** A packet is never longer. */
    public static final int MAX_BYTES = HEAD_BYTES + 2 * 4 * (1 + MAX_WORDS);

    private static final int MAGIC = 0x4E6F1044;
    private static final int BYTE_ENABLE = 0x000F;

    static EtherbonePacket write(int address, int[] words) {
        return new EtherbonePacket(address, words, 0, new int[0]);
    }

    /** The answer to a read. */
    public EtherbonePacket answer(int[] words) {
        return write(readReturn, words);
    }

    /** A packet that reads {@code count} words, and before that writes {@code words}. */
    static EtherbonePacket writeAndRead(int address, int[] words, int id, int readAddress, int count) {
        int[] addresses = new int[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = readAddress + 4 * i;
        }
        return new EtherbonePacket(address, words, id, addresses);
    }

    /** Its bytes. */
    public byte[] bytes() {
        ByteBuffer packet = ByteBuffer.allocate(HEAD_BYTES + bodyBytes(writes.length, reads.length));
        packet.putInt(MAGIC).putInt(0);
        packet.putShort((short) BYTE_ENABLE).put((byte) writes.length).put((byte) reads.length);
        put(packet, writeAddress, writes);
        put(packet, readReturn, reads);
        return packet.array();
    }

    /** The packet that begins at the buffer's position; null if there is none, or not the whole of it. */
    public static @Nullable EtherbonePacket parse(ByteBuffer packet) {
        try {
            int magic = packet.getInt();
            packet.getInt();
            packet.getShort();
            int writes = packet.get() & 0xFF;
            int reads = packet.get() & 0xFF;
            int[] written = new int[writes];
            int[] read = new int[reads];
            int address = get(packet, written);
            int id = get(packet, read);
            return magic == MAGIC ? new EtherbonePacket(address, written, id, read) : null;
        } catch (BufferUnderflowException tooShort) {
            return null;
        }
    }

    /** Bytes after the first {@link #HEAD_BYTES}, which are in {@code head}. */
    public static int bodyBytes(byte[] head) {
        return bodyBytes(head[HEAD_BYTES - 2] & 0xFF, head[HEAD_BYTES - 1] & 0xFF);
    }

    private static int bodyBytes(int writes, int reads) {
        return (writes > 0 ? 4 + 4 * writes : 0) + (reads > 0 ? 4 + 4 * reads : 0);
    }

    private static void put(ByteBuffer packet, int first, int[] words) {
        if (words.length > 0) {
            packet.putInt(first);
            for (int word : words) {
                packet.putInt(word);
            }
        }
    }

    private static int get(ByteBuffer packet, int[] words) {
        if (words.length == 0) {
            return 0;
        }
        int first = packet.getInt();
        for (int i = 0; i < words.length; i++) {
            words[i] = packet.getInt();
        }
        return first;
    }
}
