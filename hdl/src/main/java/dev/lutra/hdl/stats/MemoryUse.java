// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

/**
 * A memory of a module.
 *
 * @param name in the module
 * @param words number of words
 * @param width bits of a word
 * @param readPorts number of reads
 * @param writePorts number of places that write
 */
public record MemoryUse(String name, int words, int width, int readPorts, int writePorts) {
    /** Words times width. */
    public long bits() {
        return (long) words * width;
    }
}
