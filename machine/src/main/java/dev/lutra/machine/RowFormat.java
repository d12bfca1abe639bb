// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.Optional;

/**
 * What an element of a vector is in memory, where the scratchpad has 32 bits of it. So many bytes of memory are one row or several ones. The order is that of the codes in
 * instructions.
 */
public enum RowFormat {
    /** 32 bits as they are. */
    WORDS("", Integer.SIZE),

    /** A signed byte; the scratchpad has the INT32 of the same value, of which the lowest 8 bits are stored. */
    INT8("i8", Byte.SIZE),

    /** Binary16; the scratchpad has the binary32 number of the same value, of which the nearest binary16 number, ties to even, is stored: beyond 65,519 an infinity. */
    BINARY16("f16", Short.SIZE);

    private final String text;
    private final int bits;

    RowFormat(String text, int bits) {
        this.text = text;
        this.bits = bits;
    }

    /** In the text form of a program, empty for {@link #WORDS}. */
    public String text() {
        return text;
    }

    /** The format of a text. */
    public static Optional<RowFormat> of(String text) {
        for (RowFormat format : values()) {
            if (format.text.equals(text)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Bits of an element in memory. */
    public int bits() {
        return bits;
    }

    /** Rows of the scratchpad in as many bytes as a row has there: 1, 2 or 4. */
    public int rows() {
        return Integer.SIZE / bits;
    }
}
