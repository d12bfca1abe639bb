// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each combinational signal of a module reads: the values assigned to it and the conditions around them. Slightly
 * more than the truth where a later assignment hides an earlier one, which keeps this linear.
 */
final class Drivers {

    /** An expression a signal depends on, and the user's line that says so. */
    record Read(Expr value, Loc loc) {}

    /** A condition that is in force, innermost first. */
    private record Scope(Read condition, @Nullable Scope outer) {}

    private final Map<Signal, List<Read>> reads = new LinkedHashMap<>();
    private final Map<Signal, Scope> lastScope = new HashMap<>();

    private Drivers() {}

    static Map<Signal, List<Read>> of(Module module) {
        var drivers = new Drivers();
        for (Node node : module.nodes()) {
            drivers.reads.put(node, List.of(new Read(node.value(), node.loc())));
        }
        for (ReadPort port : module.readPorts()) {
            if (port.latency() == 0) {
                drivers.reads.put(port, List.of(new Read(port.address(), port.loc())));
            }
        }
        drivers.block(module.body(), null);
        return drivers.reads;
    }

    private void block(List<Statement> body, @Nullable Scope scope) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign) {
                assign(assign, scope);
            } else if (statement instanceof Statement.When when) {
                var inner = new Scope(new Read(when.cond(), when.loc()), scope);
                block(when.then(), inner);
                block(when.otherwise(), inner);
            } else if (statement instanceof Statement.Switch choice) {
                var inner = new Scope(new Read(choice.subject(), choice.loc()), scope);
                for (Statement.Case branch : choice.cases()) {
                    block(branch.body(), inner);
                }
                block(choice.otherwise(), inner);
            }
        }
    }

    private void assign(Statement.Assign assign, @Nullable Scope scope) {
        if (assign.target() instanceof Register) {
            return;
        }
        var read = new Read(assign.value(), assign.loc());
        var known = reads.get(assign.target());
        if (known == null && scope == null) {
            reads.put(assign.target(), List.of(read));
            return;
        }
        List<Read> all;
        if (known instanceof ArrayList) {
            all = known;
        } else {
            all = known == null ? new ArrayList<>() : new ArrayList<>(known);
            reads.put(assign.target(), all);
        }
        all.add(read);
        if (scope != null) {
            // Neighbouring assignments share their outer conditions: add only those the last one did not have.
            Scope seen = lastScope.put(assign.target(), scope);
            for (Scope s = scope; s != null && !encloses(seen, s); s = s.outer()) {
                all.add(s.condition());
            }
        }
    }

    private static boolean encloses(@Nullable Scope inner, Scope wanted) {
        for (Scope s = inner; s != null; s = s.outer()) {
            if (s == wanted) {
                return true;
            }
        }
        return false;
    }
}
