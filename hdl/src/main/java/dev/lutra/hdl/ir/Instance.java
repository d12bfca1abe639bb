// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/** An instance of a module within another one. */
public record Instance(String name, Module module, Loc loc) {

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
