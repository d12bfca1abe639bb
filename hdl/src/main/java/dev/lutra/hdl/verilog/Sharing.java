// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which expressions without a name get a wire: those used more than once that are more than a few operators, and
 * parts of expressions too large to read. So the text stays linear in the graph however much the graph shares.
 */
final class Sharing {

    private static final int WORTH_A_WIRE = 3;
    private static final int TOO_LARGE = 40;

    /** An expression met in the module. */
    private static final class Entry {
        final Expr expr;
        int uses;
        int weight;
        boolean done;

        Entry(Expr expr) {
            this.expr = expr;
        }
    }

    private final Map<Expr, Entry> entries = new HashMap<>();
    private final Set<Expr> wanted = new HashSet<>();
    private final Set<InstancePort> readInputs = new HashSet<>();

    Sharing(Module module) {
        for (Node node : module.nodes()) {
            root(node.value());
        }
        for (ReadPort port : module.readPorts()) {
            root(port.address());
            if (port.enable() != null) {
                root(port.enable());
            }
        }
        block(module.body());
    }

    private void block(List<Statement> body) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Assign assign) {
                root(assign.value());
            } else if (statement instanceof Statement.When when) {
                root(when.cond());
                block(when.then());
                block(when.otherwise());
            } else if (statement instanceof Statement.Switch choice) {
                root(choice.subject());
                choice.cases().forEach(c -> block(c.body()));
                block(choice.otherwise());
            } else if (statement instanceof Statement.MemoryWrite write) {
                root(write.address());
                root(write.data());
                if (write.mask() != null) {
                    root(write.mask());
                }
            } else if (statement instanceof Statement.Watch watch) {
                WatchWriter.reads(watch).forEach(this::root);
            }
        }
    }

    private void root(Expr root) {
        if (leaf(root)) {
            return;
        }
        var stack = new ArrayDeque<Entry>();
        enter(root, stack);
        while (!stack.isEmpty()) {
            Entry entry = stack.peek();
            Expr expr = entry.expr;
            if (!entry.done) {
                entry.done = true;
                for (Expr operand : expr.operands()) {
                    if (!leaf(operand)) {
                        enter(operand, stack);
                    }
                }
                continue;
            }
            stack.pop();
            if (entry.weight > 0) {
                continue;
            }
            int weight = expr instanceof Expr.Select ? 0 : cost(expr);
            if (!(expr instanceof Expr.Select)) {
                for (Expr operand : expr.operands()) {
                    Entry inner = entries.get(operand);
                    weight += inner == null || wanted.contains(operand) ? 0 : inner.weight;
                }
            }
            entry.weight = Math.max(1, weight);
            if (weight > TOO_LARGE) {
                wanted.add(expr);
            }
        }
    }

    private void enter(Expr expr, ArrayDeque<Entry> stack) {
        Entry entry = entries.computeIfAbsent(expr, Entry::new);
        entry.uses++;
        if (entry.uses == 1) {
            stack.push(entry);
        }
    }

    private boolean leaf(Expr expr) {
        if (expr instanceof Expr.Ref ref
                && ref.signal() instanceof InstancePort port
                && port.port().direction() == Direction.IN) {
            readInputs.add(port);
        }
        return expr instanceof Expr.Ref || expr instanceof Expr.Literal;
    }

    private static int cost(Expr expr) {
        return expr instanceof Expr.Unary || expr instanceof Expr.Binary || expr instanceof Expr.Mux ? 1 : 0;
    }

    /** Whether an expression gets a wire. */
    boolean wants(Expr expr) {
        Entry entry = entries.get(expr);
        return entry != null && (entry.uses > 1 && entry.weight >= WORTH_A_WIRE || wanted.contains(expr));
    }

    /** Whether the module reads back what it gives an input of a child. */
    boolean reads(InstancePort input) {
        return readInputs.contains(input);
    }

    /** Whether a value can stand in a port list. */
    static boolean connects(Expr value) {
        if (value instanceof Expr.Concat concat) {
            return concat.msbFirst().size() <= 4 && concat.msbFirst().stream().allMatch(Sharing::connects);
        }
        if (value instanceof Expr.Slice slice) {
            return slice.a() instanceof Expr.Ref;
        }
        if (value instanceof Expr.Truncate truncate) {
            return truncate.a() instanceof Expr.Ref;
        }
        if (value instanceof Expr.Reinterpret cast) {
            return connects(cast.a());
        }
        return value instanceof Expr.Ref || value instanceof Expr.Literal;
    }

    /** What the name of a wire says about its value. */
    static String word(Expr expr) {
        if (expr instanceof Expr.Unary unary) {
            return switch (unary.op()) {
                case NOT -> "inverse";
                case NEG -> "negative";
                case AND_R -> "all";
                case OR_R -> "any";
                case XOR_R -> "parity";
            };
        }
        if (expr instanceof Expr.Binary binary) {
            return switch (binary.op()) {
                case ADD -> "sum";
                case SUB -> "diff";
                case MUL -> "prod";
                case DIV -> "quot";
                case REM -> "rem";
                case AND -> "and";
                case OR -> "or";
                case XOR -> "xor";
                case EQ -> "eq";
                case NE -> "ne";
                case LT -> "lt";
                case LE -> "le";
                case GT -> "gt";
                case GE -> "ge";
                case SHL -> "shl";
                case SHR -> "shr";
            };
        }
        if (expr instanceof Expr.Mux || expr instanceof Expr.Select) {
            return "sel";
        }
        return expr instanceof Expr.Concat ? "cat" : "bits";
    }
}
