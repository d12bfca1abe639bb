// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * Weight words of which memory holds a bitmap and the codes that are not 0, and the engine gets all: loaded as sparse, computed as dense (Flash-LLM, Xia et al.,
 * VLDB 2024, whose tiles have a position with each code instead).
 *
 * <p>A word has {@code lanes} codes of {@code bits} bits each, code i at bit {@code i bits}; bit i of its bitmap says whether code i is not 0. Memory is cut into units of
 * {@code bits} bits, the first one of a byte at its low end. Words follow on each other without gaps: the bitmaps of the first two words, then of each word
 * the bitmap of the <em>second next</em> word, all 0 behind the last one, and its own codes that are not 0, in ascending order. So there is a cycle in which its codes can be
 * counted before they come. A bitmap is filled up to a whole unit.
 *
 * @param lanes codes of a word, a power of two
 * @param bits of a code: 2, 4 or 8
 */
public record BitmapWords(int lanes, int bits) {
    /** Words that a bitmap is ahead of its codes. */
    public static final int AHEAD = 2;

    /** Units of a bitmap. */
    public int bitmapUnits() {
        return (lanes + bits - 1) / bits;
    }

    /** Bytes of so many words with so many codes that are not 0. */
    public long bytes(long words, long codes) {
        return (((words + AHEAD) * bitmapUnits() + codes) * bits + Byte.SIZE - 1) / Byte.SIZE;
    }
}
