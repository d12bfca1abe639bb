// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

/**
 * The byte alphabet of GPT-2: every byte as one printable character. Bytes that are printable in Latin-1 (33..126, 161..172, 174..255) stand for
 * themselves; the other 68, in order, are U+0100, U+0101, ...
 */
final class ByteAlphabet {
    private static final char[] CHARS = new char[256];
    private static final int[] BYTES = new int[0x100 + 68];

    static {
        java.util.Arrays.fill(BYTES, -1);
        int others = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
            CHARS[b] = (char) (printable ? b : 0x100 + others++);
            BYTES[CHARS[b]] = b;
        }
    }

    private ByteAlphabet() {}

    /** The character that stands for a byte 0..255. */
    static char toChar(int value) {
        return CHARS[value];
    }

    /** The byte 0..255 that a character stands for, or -1 if it is not in the alphabet. */
    static int toByte(char c) {
        return c < BYTES.length ? BYTES[c] : -1;
    }
}
