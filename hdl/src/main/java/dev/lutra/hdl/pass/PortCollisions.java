// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Memory;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold between the ports of a memory that belong to one clock, as properties: block RAM leaves a word undefined that two ports
 * write at one edge, and what is read where another port writes.
 */
public final class PortCollisions {

    private static final Type BOOL = new Type.Bool();

    private final Memory memory;
    private final List<Statement> found = new ArrayList<>();

    /** An access at an edge: null stands for always, or for no write at all in {@code write}. */
    private record Access(
            Expr address, @Nullable Expr enable, @Nullable Expr write, Domain domain, dev.lutra.hdl.ir.Loc loc) {}

    private PortCollisions(Memory memory) {
        this.memory = memory;
    }

    /**
     * The properties of a memory.
     *
     * @param exclusive whether a word that is written must not be touched by another port at all
     */
    public static List<Statement> of(Memory memory, boolean exclusive, List<ReadPort> ports, List<Statement> body) {
        var accesses = new ArrayList<Access>();
        Map<Statement.MemoryWrite, Expr> guards = WriteGuards.of(body);
        guards.forEach((write, guard) -> {
            if (write.memory() == memory) {
                Expr enable = write.port() == null ? null : write.port().enable();
                accesses.add(new Access(write.address(), enable, guard, write.domain(), write.loc()));
            }
        });
        boolean plain = guards.keySet().stream().anyMatch(w -> w.memory() == memory && w.port() == null);
        int writes = accesses.size();
        if (exclusive) {
            for (ReadPort port : ports) {
                boolean written = guards.keySet().stream().anyMatch(w -> w.port() == port);
                if (port.memory() == memory && port.latency() == 1 && !written) {
                    accesses.add(new Access(port.address(), port.enable(), null, port.domain(), port.loc()));
                }
            }
        }
        var collisions = new PortCollisions(memory);
        for (int i = 0; i < writes; i++) {
            for (int k = i + 1; k < accesses.size(); k++) {
                // Of writes that are not of ports the last one holds.
                if (!plain || accesses.get(k).write() == null) {
                    collisions.add(accesses.get(i), accesses.get(k), exclusive);
                }
            }
        }
        return collisions.found;
    }

    private void add(Access a, Access b, boolean exclusive) {
        if (!Objects.equals(a.domain().clock(), b.domain().clock())) {
            return;
        }
        Expr collides = new Expr.Binary(BinaryOp.EQ, a.address(), b.address(), BOOL);
        Expr writes = a.write();
        if (b.write() != null && writes != null) {
            writes = new Expr.Binary(exclusive ? BinaryOp.OR : BinaryOp.AND, writes, b.write(), BOOL);
        }
        for (Expr condition : new Expr[] {writes, b.enable(), a.enable()}) {
            if (condition != null && !(condition instanceof Expr.Literal)) {
                collides = new Expr.Binary(BinaryOp.AND, condition, collides, BOOL);
            }
        }
        String what = exclusive
                ? "a port writes a word of " + memory.name() + " that another one touches, and it is exclusive"
                : "two ports write one word of " + memory.name();
        found.add(new Statement.Check(
                Statement.Claim.REQUIRE, new Expr.Unary(UnaryOp.NOT, collides, BOOL), what, a.domain(), b.loc()));
    }
}
