// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    private final SignalIndex index;
    private final List<Read>[] reads;
    private final Scope[] lastScope;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Drivers(SignalIndex index) {
        this.index = index;
        this.reads = new List[index.size()];
        this.lastScope = new Scope[index.size()];
    }

    /** By number of the signal; null for a source. */
    static List<Read>[] of(Module module, SignalIndex index) {
        var drivers = new Drivers(index);
        for (Node node : module.nodes()) {
            drivers.reads[index.of(node)] = one(new Read(node.value(), node.loc()));
        }
        for (ReadPort port : module.readPorts()) {
            if (port.latency() == 0) {
                drivers.reads[index.of(port)] = one(new Read(port.address(), port.loc()));
            }
        }
        drivers.block(module.body(), null);
        return drivers.reads;
    }

    private static List<Read> one(Read read) {
        return Collections.singletonList(read);
    }

    private void block(List<Statement> body, @Nullable Scope scope) {
        for (int i = 0; i < body.size(); i++) {
            Statement statement = body.get(i);
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
        int target = index.of(assign.target());
        var read = new Read(assign.value(), assign.loc());
        List<Read> known = reads[target];
        if (known == null && scope == null) {
            reads[target] = one(read);
            return;
        }
        List<Read> all;
        if (known instanceof ArrayList) {
            all = known;
        } else {
            all = known == null ? new ArrayList<>() : new ArrayList<>(known);
            reads[target] = all;
        }
        all.add(read);
        if (scope != null) {
            // Neighbouring assignments share their outer conditions: add only those the last one did not have.
            Scope seen = lastScope[target];
            lastScope[target] = scope;
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
