// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A register clocked by the rising edge of its domain's clock. It holds where no statement assigns it.
 *
 * @param init value taken in reset, in the range of the type; null: not reset (starts as 0
 *     in two-state engines)
 */
public record Register(String name, Type type, @Nullable BigInteger init, Domain domain, Loc loc) implements Signal {
    /** A register of the module's own clock. */
    public Register(String name, Type type, @Nullable BigInteger init, Loc loc) {
        this(name, type, init, Domain.OWN, loc);
    }

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
