// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/**
 * A port of a child, seen from its parent: an input of the child is assigned by the parent's statements, an output is a
 * source. Two objects for one port of one instance are equal.
 */
public record InstancePort(Instance instance, Port port) implements Signal {

    /** {@code instance_port}. */
    @Override
    public String name() {
        return instance.name() + "_" + port.name();
    }

    @Override
    public Type type() {
        return port.type();
    }

    /** Where the instance was made. */
    @Override
    public Loc loc() {
        return instance.loc();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InstancePort that && instance == that.instance && port == that.port;
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(instance) + System.identityHashCode(port);
    }

    @Override
    public String toString() {
        return instance.name() + "." + port.name() + ": " + port.type();
    }
}
