// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/** A named expression. Its value refers to earlier nodes only. */
public record Node(String name, Type type, Expr value, Loc loc) implements Signal {
    public Node {
        if (!type.sameShape(value.type())) {
            throw new IllegalArgumentException("node " + name + " of " + type + " has a value of " + value.type());
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
        return "node " + name + ": " + type;
    }
}
