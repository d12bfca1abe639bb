// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * What an accelerator on a serial line or an SPI bus and its host agree on: the commands of LiteX's UARTBone, and checked frames (docs/boards.md).
 * Addresses count 32-bit words; they, and words, are sent highest byte first.
 */
public final class SerialProtocol {

    /** Writes words, without an answer. */
    public static final int WRITE = 0x01;

    /** Reads words. */
    public static final int READ = 0x02;

    /** Writes words; answered when it has been carried out. Checked commands are far from the others and from each other. */
    public static final int CHECKED_WRITE = 0xB4;

    /** Reads words, with a CRC. */
    public static final int CHECKED_READ = 0xD8;

    /** Makes its sequence number the last one; no words. */
    public static final int CHECKED_OPEN = 0x6C;

    /** Comes before an answer on an SPI bus, after zeros: unlike them, and unlike a line that nobody drives. */
    public static final int ANSWER = 0xA5;

    /** Most words of a command. */
    public static final int MAX_WORDS = 255;

    /** Word address of the first host register; memory is below. */
    public static final int REGISTERS = 1 << 28;

    private SerialProtocol() {}
}
