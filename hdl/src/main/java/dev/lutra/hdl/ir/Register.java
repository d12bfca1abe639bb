// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A register clocked by the rising edge of {@code clk}. It holds where no statement assigns it.
 *
 * @param init value taken at a rising edge with {@code rst} high, in the range of the type; null: not reset (starts as 0
 *     in two-state engines)
 */
public record Register(String name, Type type, @Nullable BigInteger init, Loc loc) implements Signal {
    public Register {
        if (init != null && !init.equals(type.wrap(init))) {
            throw new IllegalArgumentException("register " + name + " of " + type + " cannot start as " + init);
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
        return "reg " + name + ": " + type;
    }
}
