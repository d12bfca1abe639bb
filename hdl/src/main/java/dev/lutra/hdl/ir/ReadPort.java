// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import org.jspecify.annotations.Nullable;

/**
 * A read port of a memory, a source.
 *
 * @param address unsigned
 * @param enable for latency 1: read at this edge, else hold; null: always
 * @param latency 0: combinational; 1: the word appears after the next rising edge (starts as 0 in two-state engines)
 * @param rule of a port that may also write, by a {@link Statement.MemoryWrite}: what it gives after an edge at which it wrote;
 *     null: it only reads
 */
public record ReadPort(
        String name,
        Memory memory,
        Expr address,
        @Nullable Expr enable,
        int latency,
        Domain domain,
        @Nullable ReadDuringWrite rule,
        Loc loc)
        implements Signal {
    /** A port that only reads. */
    public ReadPort(
            String name, Memory memory, Expr address, @Nullable Expr enable, int latency, Domain domain, Loc loc) {
        this(name, memory, address, enable, latency, domain, null, loc);
    }

    /** A read port of the module's own clock. */
    public ReadPort(String name, Memory memory, Expr address, @Nullable Expr enable, int latency, Loc loc) {
        this(name, memory, address, enable, latency, Domain.OWN, loc);
    }

    public ReadPort {
        if (latency != 0 && latency != 1) {
            throw new IllegalArgumentException("read port " + name + ": latency " + latency);
        }
        if (latency == 0 && rule != null) {
            throw new IllegalArgumentException("read port " + name + ": a port that writes has latency 1");
        }
        if (latency == 0 && enable != null) {
            throw new IllegalArgumentException("read port " + name + ": a combinational read has no enable");
        }
        Expr.requireUnsigned("address of a read port", address);
        if (enable != null) {
            Expr.requireBool("enable of a read port", enable);
        }
    }

    @Override
    public Type type() {
        return memory.type();
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
        return "read " + memory.name() + " -> " + name;
    }
}
