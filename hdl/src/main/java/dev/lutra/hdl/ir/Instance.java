// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/**
 * An instance of a module within another one.
 *
 * @param domain what the module gets as its own clock and reset
 */
public record Instance(String name, Module module, Domain domain, Loc loc) {
    /** An instance of the same clock and reset as its parent. */
    public Instance(String name, Module module, Loc loc) {
        this(name, module, Domain.OWN, loc);
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
        return name + ": " + module.name();
    }
}
