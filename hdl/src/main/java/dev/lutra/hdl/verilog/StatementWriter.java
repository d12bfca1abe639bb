// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import dev.lutra.hdl.pass.SwitchCover;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the statements that drive some targets as {@code if} and {@code case}; what drives others is left out. */
final class StatementWriter {

    private final ExprWriter expressions;
    private final ModuleWriter module;
    private final MemoryWriter memories;
    private final WatchWriter watches;

    StatementWriter(ExprWriter expressions, ModuleWriter module, MemoryWriter memories, WatchWriter watches) {
        this.expressions = expressions;
        this.module = module;
        this.memories = memories;
        this.watches = watches;
    }

    /** The expressions that the statements for some targets read. */
    static List<Expr> reads(List<Statement> body, Set<?> targets) {
        var reads = new ArrayList<Expr>();
        reads(body, targets, reads);
        return reads;
    }

    private static void reads(List<Statement> body, Set<?> targets, List<Expr> into) {
        for (Statement statement : body) {
            if (!Drives.touches(statement, targets)) {
                continue;
            }
            if (statement instanceof Statement.Assign assign) {
                into.add(assign.value());
            } else if (statement instanceof Statement.When when) {
                into.add(when.cond());
                reads(when.then(), targets, into);
                reads(when.otherwise(), targets, into);
            } else if (statement instanceof Statement.Switch choice) {
                into.add(choice.subject());
                choice.cases().forEach(c -> reads(c.body(), targets, into));
                reads(choice.otherwise(), targets, into);
            } else if (statement instanceof Statement.MemoryWrite write) {
                into.add(write.address());
                into.add(write.data());
                if (write.mask() != null) {
                    into.add(write.mask());
                }
            } else if (statement instanceof Statement.Watch watch) {
                into.addAll(WatchWriter.reads(watch));
            }
        }
    }

    /**
     * Writes a block.
     *
     * @param assign {@code =} or {@code <=} with spaces around
     */
    void block(List<Statement> body, Set<?> targets, String assign, int indent, Layout out) {
        for (Statement statement : body) {
            if (!Drives.touches(statement, targets)) {
                continue;
            }
            if (statement instanceof Statement.Assign set) {
                out.step(indent, assignment(set, assign), set.loc());
            } else if (statement instanceof Statement.MemoryWrite write) {
                memories.write(write, indent, out);
            } else if (statement instanceof Statement.Watch watch) {
                watches.write(watch, indent, out);
            } else if (statement instanceof Statement.When when) {
                when("", when, targets, assign, indent, out);
                out.line(indent, "end");
            } else if (statement instanceof Statement.Switch choice) {
                choose(choice, targets, assign, indent, out);
            }
        }
    }

    /** Closes an open {@code if} with a block as its {@code else}. */
    void otherwise(List<Statement> body, Set<?> targets, String assign, int indent, Layout out) {
        List<Statement> own =
                body.stream().filter(s -> Drives.touches(s, targets)).toList();
        if (own.size() == 1 && own.get(0) instanceof Statement.When when) {
            when("end else ", when, targets, assign, indent, out);
        } else if (!own.isEmpty()) {
            out.line(indent, "end else begin");
            block(own, targets, assign, indent + 1, out);
        }
        out.line(indent, "end");
    }

    private String assignment(Statement.Assign set, String assign) {
        return module.of(set.target()) + assign + expressions.assigned(set.value()) + ";";
    }

    /** Everything but the last {@code end}. */
    private void when(String lead, Statement.When when, Set<?> targets, String assign, int indent, Layout out) {
        boolean then = Drives.touches(when.then(), targets);
        if (!then) {
            var not = new Expr.Unary(UnaryOp.NOT, when.cond(), new Type.Bool());
            out.step(indent, lead + "if (" + expressions.condition(not) + ") begin", when.loc());
            block(when.otherwise(), targets, assign, indent + 1, out);
            return;
        }
        out.step(indent, lead + "if (" + expressions.condition(when.cond()) + ") begin", when.loc());
        block(when.then(), targets, assign, indent + 1, out);
        List<Statement> rest = when.otherwise().stream()
                .filter(s -> Drives.touches(s, targets))
                .toList();
        if (rest.size() == 1 && rest.get(0) instanceof Statement.When next) {
            when("end else ", next, targets, assign, indent, out);
        } else if (!rest.isEmpty()) {
            out.line(indent, "end else begin");
            block(rest, targets, assign, indent + 1, out);
        }
    }

    private void choose(Statement.Switch choice, Set<?> targets, String assign, int indent, Layout out) {
        Type type = choice.subject().type();
        boolean complete = SwitchCover.of(choice).complete();
        boolean elseBranch = !complete && Drives.touches(choice.otherwise(), targets);
        out.step(indent, "case (" + expressions.condition(choice.subject()) + ")", choice.loc());
        boolean closed = false;
        for (int i = 0; i < choice.cases().size(); i++) {
            Statement.Case branch = choice.cases().get(i);
            boolean last = complete && i == choice.cases().size() - 1;
            if (last) {
                closed = true;
                branch("default", branch.body(), targets, assign, indent + 1, out, named(branch.values(), type));
            } else if (!branch.values().isEmpty()
                    && (elseBranch || complete || Drives.touches(branch.body(), targets))) {
                branch(label(branch.values(), type), branch.body(), targets, assign, indent + 1, out, "");
            }
        }
        if (!closed) {
            branch("default", elseBranch ? choice.otherwise() : List.of(), targets, assign, indent + 1, out, "");
        }
        out.line(indent, "endcase");
    }

    private String label(List<BigInteger> values, Type type) {
        var label = new StringBuilder();
        for (BigInteger value : values) {
            label.append(label.isEmpty() ? "" : ", ").append(expressions.assigned(new Expr.Literal(value, type)));
        }
        return label.toString();
    }

    /** What {@code default} stands for. */
    private static String named(List<BigInteger> values, Type type) {
        return values.stream()
                .map(value -> new Expr.Literal(value, type).toString())
                .collect(Collectors.joining(", "));
    }

    private void branch(
            String label, List<Statement> body, Set<?> targets, String assign, int indent, Layout out, String note) {
        List<Statement> own =
                body.stream().filter(s -> Drives.touches(s, targets)).toList();
        if (own.isEmpty()) {
            out.line(indent, label + ": ;", note);
        } else if (own.size() == 1 && own.get(0) instanceof Statement.Assign set) {
            String code = label + ": " + assignment(set, assign);
            if (note.isEmpty()) {
                out.step(indent, code, set.loc());
            } else {
                out.line(indent, code, note);
            }
        } else {
            out.line(indent, label + ": begin", note);
            block(own, targets, assign, indent + 1, out);
            out.line(indent, "end");
        }
    }
}
