// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/** A port of a module. An output is assigned by statements and may be read inside. */
public record Port(String name, Type type, Direction direction, Loc loc) implements Signal {

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
        return direction + " " + name + ": " + type;
    }
}
