// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ReadDuringWrite;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An array of words. Writes happen at the clock edge; a read of the address being written gives the old word, where a
 * {@link #port} does not say otherwise for itself. A read beyond the depth gives 0, a write there does nothing. Words without initial contents start as 0 in two-state
 * simulators and are unknown in hardware; reset does not touch them.
 *
 * @param <T> type of a word
 */
public final class Memory<T extends Ground> {
    private final Module module;
    private final T word;
    private final int depth;
    private final int number;
    private int maskBits;
    private int ports;
    private boolean writes;

    Memory(Module module, T word, int depth) {
        this.module = module;
        this.word = word;
        if (depth < 1) {
            module.session().error("width", "memory of " + depth + " words", "a memory has at least one word");
        }
        this.depth = Math.max(1, depth);
        number = module.recording().add(Op.MEMORY, word.type(), -1, this.depth, -1);
    }

    /** Number of words. */
    public int depth() {
        return depth;
    }

    /** The first words at power-up, the others 0; once per memory. */
    public Memory<T> init(long[] words) {
        return init(Arrays.stream(words).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new));
    }

    /** The first words at power-up, the others 0; once per memory. */
    public Memory<T> init(BigInteger[] words) {
        var session = module.session();
        if (words.length > depth) {
            session.error(
                    "memory-init",
                    words.length + " initial words for a memory of " + depth,
                    "give at most as many words as it is deep");
            return this;
        }
        var values = word.known();
        for (int i = 0; i < words.length; i++) {
            if (!values.contains(words[i])) {
                session.error(
                        "memory-init",
                        "initial word " + i + ", " + words[i] + ", does not fit " + word.type() + ", which holds "
                                + values,
                        null);
                return this;
            }
        }
        module.recording().add(Op.MEMORY_INIT, null, number, -1, -1, List.of(words));
        return this;
    }

    /** The word at an address, one clock edge later. */
    public T read(UInt address) {
        return read(address, -1, (Object) 1);
    }

    /** The word at an address, one clock edge later; holds while {@code enable} is false. */
    public T read(UInt address, Bool enable) {
        return read(address, Build.use(module, enable), (Object) 1);
    }

    /** The word at an address, in the same cycle. */
    public T readAsync(UInt address) {
        return read(address, -1, (Object) 0);
    }

    /**
     * A port that reads and writes by one address, of the clock around this call. A memory has up to two, each of a clock of its
     * own, and then no other writes.
     *
     * @param rule what the port gives after an edge at which it wrote
     */
    public MemoryPort<T> port(UInt address, ReadDuringWrite rule) {
        return port(address, -1, rule);
    }

    /**
     * The same, at rest while {@code enable} is false: it neither writes nor reads, and holds its word.
     *
     * @param rule what the port gives after an edge at which it wrote
     */
    public MemoryPort<T> port(UInt address, Bool enable, ReadDuringWrite rule) {
        return port(address, Build.use(module, enable), rule);
    }

    private MemoryPort<T> port(UInt address, int enable, ReadDuringWrite rule) {
        Objects.requireNonNull(rule);
        if (ports == 2) {
            module.session()
                    .error(
                            "memory-port",
                            "a third port(...) of a memory",
                            "a memory has up to two; read(...) makes further ports that only read");
        }
        ports++;
        checkWriters();
        return new MemoryPort<>(this, read(address, enable, (Object) rule));
    }

    private void checkWriters() {
        if (ports > 0 && writes) {
            module.session()
                    .error(
                            "memory-port",
                            "a memory with write(...) and with port(...)",
                            "write through its ports only: port(...).write(data)");
        }
    }

    /**
     * States that no port touches a word at an edge at which another one writes it, so that hardware need not do what is said for that
     * case. Simulation stops where two ports of one clock do.
     */
    public Memory<T> exclusive() {
        module.recording().add(Op.EXCLUSIVE, null, number, -1, -1);
        return this;
    }

    @SuppressWarnings("unchecked") // fresh keeps the class
    private T read(UInt address, int enable, Object kind) {
        int at = Build.use(module, address);
        var result = (T) word.ofWidth(word.width());
        if (word.isRanged()) {
            result.setRange(word.known().hull(Range.of(0, 0))); // 0 beyond the depth
        }
        result.bindTo(module, Op.READ, module.recording().add(Op.READ, word.type(), number, at, enable, kind));
        return result;
    }

    /** Writes a word at the clock edge, under the conditions around this statement. */
    public void write(UInt address, T data) {
        write(address, data, (Integer) null);
    }

    /** Writes a constant at the clock edge, under the conditions around this statement. */
    public void write(UInt address, long data) {
        write(address, Build.literalFor(word, word.code(data)));
    }

    /**
     * Writes parts of a word at the clock edge, under the conditions around this statement. Bit i of the mask stands for
     * the i-th of as many equal parts as the mask has bits; all masked writes of a memory have one mask width.
     */
    public void write(UInt address, T data, Bits mask) {
        if (fits(mask)) {
            write(address, data, (Integer) Build.use(module, mask));
        }
    }

    /** Whether a mask can be that of a write; reports if not. */
    boolean fits(Bits mask) {
        if (word.width() % mask.width() != 0 || maskBits != 0 && maskBits != mask.width()) {
            module.session()
                    .error(
                            "width",
                            "a mask of " + mask.width() + " bits for words of " + word.width() + " bits"
                                    + (maskBits == 0 || maskBits == mask.width()
                                            ? ""
                                            : ", where another write has a mask of " + maskBits + " bits"),
                            "the mask's width must divide the word's and be the same for all writes");
            return false;
        }
        maskBits = mask.width();
        return true;
    }

    /** Writes through a port. */
    void write(MemoryPort<T> port, T data, int mask) {
        checkScope();
        int value = Build.converted(module, data, word);
        module.recording().add(Op.PORT_WRITE, null, port.number(), value, mask);
    }

    private void write(UInt address, T data, @Nullable Integer mask) {
        checkScope();
        writes = true;
        checkWriters();
        int at = Build.use(module, address);
        int value = Build.converted(module, data, word);
        module.recording().add(Op.WRITE, null, number, at, value, mask);
    }

    private void checkScope() {
        module.checkScope("a memory of module " + module.shortName() + " is driven", "holds the signal");
    }

    Module module() {
        return module;
    }

    int number() {
        return number;
    }
}
