// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of words. Writes happen at the rising edge of a clock; a read of the address being written gives the old
 * word, except by the very {@linkplain ReadPort port} that writes it. A read beyond {@code depth} gives 0, a write there does nothing.
 *
 * @param type type of a word
 * @param depth number of words
 * @param maskBits width of the write mask of its masked writes, a divisor of the word width; 0: none
 * @param init the first words at power-up, the others 0; reset does not touch them
 */
public record Memory(String name, Type type, int depth, int maskBits, List<BigInteger> init, Loc loc) {
    public Memory {
        init = List.copyOf(init);
        if (depth < 1 || init.size() > depth) {
            throw new IllegalArgumentException(
                    "memory " + name + ": depth " + depth + ", " + init.size() + " initial words");
        }
        if (maskBits < 0 || maskBits > 0 && type.width() % maskBits != 0) {
            throw new IllegalArgumentException(
                    "memory " + name + ": a mask of " + maskBits + " bits does not divide " + type);
        }
        for (BigInteger word : init) {
            if (!word.equals(type.wrap(word))) {
                throw new IllegalArgumentException("memory " + name + " of " + type + " cannot hold " + word);
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "memory " + name + ": " + depth + " x " + type;
    }
}
