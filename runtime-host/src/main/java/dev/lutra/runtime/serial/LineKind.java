// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

/** What a byte and a frame take on the lines that carry checked frames. */
public enum LineKind {
    /** A start bit, eight bits, a stop bit. */
    UART(10, 0),
    /** The bytes between a frame and its answer, and the mark before it. */
    SPI(8, SpiLine.SLACK + 1);

    private final int bitsPerByte;
    private final int bytesPerFrame;

    LineKind(int bitsPerByte, int bytesPerFrame) {
        this.bitsPerByte = bitsPerByte;
        this.bytesPerFrame = bytesPerFrame;
    }

    /** Bits of a byte on the line. */
    public int bitsPerByte() {
        return bitsPerByte;
    }

    /** Bytes that a frame takes beside its own and those of its answer. */
    int bytesPerFrame() {
        return bytesPerFrame;
    }
}
