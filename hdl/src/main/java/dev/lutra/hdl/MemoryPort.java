// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/**
 * A port of a memory that reads and writes by one address, as a block RAM has two of.
 *
 * @param <T> type of a word
 */
public final class MemoryPort<T extends Ground> {
    private final Memory<T> memory;
    private final T word;
    private boolean written;

    MemoryPort(Memory<T> memory, T word) {
        this.memory = memory;
        this.word = word;
    }

    /** The word read at the last edge. */
    public T word() {
        return word;
    }

    /** Writes a word at the clock edge, under the conditions around this statement; once per port. */
    public void write(T data) {
        if (claim()) {
            memory.write(this, data, -1);
        }
    }

    /** Writes a constant at the clock edge, under the conditions around this statement; once per port. */
    public void write(long data) {
        write(Build.literalFor(word, data));
    }

    /**
     * Writes parts of a word at the clock edge, under the conditions around this statement; once per port. Bit i of the mask stands for
     * the i-th of as many equal parts as the mask has bits; all masked writes of a memory have one mask width.
     */
    public void write(T data, Bits mask) {
        if (claim() && memory.fits(mask)) {
            memory.write(this, data, Build.use(memory.module(), mask));
        }
    }

    private boolean claim() {
        if (written) {
            memory.module()
                    .session()
                    .error(
                            "memory-port",
                            "a second write() of one port of a memory",
                            "a port has one write: choose its data with mux(), and its conditions with or()");
        }
        boolean first = !written;
        written = true;
        return first;
    }

    /** The item of the read. */
    int number() {
        return word.number();
    }

    Module module() {
        return memory.module();
    }
}
