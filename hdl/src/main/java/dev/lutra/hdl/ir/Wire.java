// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/** A combinational signal assigned by statements on every path. */
public record Wire(String name, Type type, Loc loc) implements Signal {

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
        return "wire " + name + ": " + type;
    }
}
