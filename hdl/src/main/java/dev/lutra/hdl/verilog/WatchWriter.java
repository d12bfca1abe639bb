// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes statements that look and drive nothing, twice: as properties where {@code FORMAL} is defined, and as messages
 * where neither that nor {@code SYNTHESIS} is. The words of the messages are those of the embedded engine.
 */
final class WatchWriter {

    /** Statements of one kind and domain, as a target of {@link Drives#touches}. */
    record Target(Class<? extends Statement.Watch> kind, Domain domain) {
        static Target of(Statement.Watch watch) {
            return new Target(watch.getClass(), watch.domain());
        }
    }

    private final Set<Target> all = new LinkedHashSet<>();
    private final ExprWriter expressions;
    private final ModuleWriter module;
    private final Map<Statement.Watch, String> noted = new IdentityHashMap<>();
    private boolean formal;

    WatchWriter(ExprWriter expressions, ModuleWriter module) {
        this.expressions = expressions;
        this.module = module;
    }

    /** What a statement reads. */
    static List<Expr> reads(Statement.Watch watch) {
        if (watch instanceof Statement.Check check) {
            return List.of(check.cond());
        }
        return watch instanceof Statement.Print print ? print.values() : List.of();
    }

    /** All statements, as targets. */
    Set<Target> all(List<Statement> body) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Watch watch) {
                all.add(Target.of(watch));
            } else if (statement instanceof Statement.When when) {
                all(when.then());
                all(when.otherwise());
            } else if (statement instanceof Statement.Switch choice) {
                choice.cases().forEach(branch -> all(branch.body()));
                all(choice.otherwise());
            }
        }
        return all;
    }

    /** The domains of the statements. Call {@link #all} first. */
    Set<Domain> domains() {
        var domains = new LinkedHashSet<Domain>();
        all.forEach(target -> domains.add(target.domain()));
        return domains;
    }

    /** Writes both blocks of a module. */
    void write(List<Statement> body, Module of, StatementWriter statements, Layout out) {
        var properties = new LinkedHashSet<Target>(all);
        properties.removeIf(target -> target.kind() != Statement.Check.class);
        if (!properties.isEmpty()) {
            out.blank().line(0, "`ifdef FORMAL");
            for (Domain domain : domains()) {
                if (resets(domain, of)) {
                    out.line(1, "initial assume (" + module.clocking().active(domain) + ");");
                }
            }
            formal = true;
            blocks(body, properties, of, statements, out);
            formal = false;
            out.line(0, "`else");
        }
        out.line(0, "`ifndef SYNTHESIS");
        covers(body, out);
        blocks(body, all, of, statements, out);
        out.line(0, "`endif");
        if (!properties.isEmpty()) {
            out.line(0, "`endif");
        }
        out.blank();
    }

    private static boolean resets(Domain domain, Module of) {
        return domain.isOwn() ? of.usesReset() : domain.reset() != null;
    }

    private void blocks(List<Statement> body, Set<Target> targets, Module of, StatementWriter statements, Layout out) {
        for (Domain domain : domains()) {
            var own = new LinkedHashSet<>(targets);
            own.removeIf(target -> !target.domain().equals(domain));
            if (own.isEmpty()) {
                continue;
            }
            // A reset that acts at once is waited for here too: lint tools take a net for one kind or the other.
            String edge = module.clocking().edge(domain, resets(domain, of) && !formal);
            out.line(1, "always @(" + edge + ") begin");
            if (resets(domain, of)) {
                out.line(2, "if (" + module.clocking().inactive(domain) + ") begin");
                statements.block(body, own, "", 3, out);
                out.line(2, "end");
            } else {
                statements.block(body, own, "", 2, out);
            }
            out.line(1, "end");
        }
    }

    /** A flag for each thing to cover, so that it is told once. */
    private void covers(List<Statement> body, Layout out) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Check check && check.claim() == Statement.Claim.COVER) {
                String flag = module.fresh("covered");
                noted.put(check, flag);
                out.line(1, "reg " + flag + " = 1'b0;", check.loc());
            } else if (statement instanceof Statement.When when) {
                covers(when.then(), out);
                covers(when.otherwise(), out);
            } else if (statement instanceof Statement.Switch choice) {
                choice.cases().forEach(branch -> covers(branch.body(), out));
                covers(choice.otherwise(), out);
            }
        }
    }

    /** Writes one statement, in the form of the block that is being written. */
    void write(Statement.Watch watch, int indent, Layout out) {
        if (watch instanceof Statement.Check check) {
            if (formal) {
                property(check, indent, out);
            } else if (check.claim() == Statement.Claim.COVER) {
                cover(check, indent, out);
            } else {
                test(check, indent, out);
            }
        } else if (watch instanceof Statement.Print print) {
            print(print, indent, out);
        } else if (watch instanceof Statement.Stop stop) {
            out.step(
                    indent,
                    display("%m: stopped at " + escaped(stop.loc() + ": " + stop.message()), List.of()),
                    stop.loc());
            out.line(indent, "$finish;");
        }
    }

    private void property(Statement.Check check, int indent, Layout out) {
        String word = switch (check.claim()) {
            case REQUIRE -> "assert";
            case ASSUME -> "assume";
            case COVER -> "cover";
        };
        out.line(
                indent,
                word + " (" + expressions.exact(check.cond()).code() + ");",
                check.loc() + ": " + check.message());
    }

    private void test(Statement.Check check, int indent, Layout out) {
        var format = new StringBuilder("%m: ")
                .append(check.claim() == Statement.Claim.REQUIRE ? "require" : "assume")
                .append(" failed at ")
                .append(escaped(check.loc() + ": " + check.message()));
        List<Signal> shown = check.shown();
        String lead = "; ";
        var values = new ArrayList<String>();
        for (Signal signal : shown) {
            boolean named = signal.type() instanceof Type.Enumeration;
            format.append(lead).append(signal.name()).append(named ? " = %0s" : " = %0d");
            var value = new Expr.Ref(signal);
            values.add(named ? name(value, (Type.Enumeration) signal.type()) : shown(value));
            lead = ", ";
        }
        Expr not = check.cond() instanceof Expr.Unary unary && unary.op() == UnaryOp.NOT
                ? unary.a()
                : new Expr.Unary(UnaryOp.NOT, check.cond(), new Type.Bool());
        out.step(indent, "if (" + expressions.exact(not).code() + ") begin", check.loc());
        out.line(indent + 1, display(format.toString(), values));
        out.line(indent + 1, "$stop;");
        out.line(indent, "end");
    }

    private void cover(Statement.Check check, int indent, Layout out) {
        String flag = noted.get(check);
        out.step(indent, "if (" + expressions.exact(check.cond()).code() + ") begin", check.loc());
        out.line(indent + 1, flag + " <= 1'b1;");
        String text = escaped(check.loc() + ": " + check.message());
        out.line(indent + 1, "if (!" + flag + ") " + display("%m: covered at " + text, List.of()));
        out.line(indent, "end");
    }

    private void print(Statement.Print print, int indent, Layout out) {
        String plain = print.format().replace("%%", "\0");
        String format = escaped(plain)
                .replace("%%d", "%0d")
                .replace("%%x", "%0h")
                .replace("%%b", "%0b")
                .replace("%%s", "%0s")
                .replace("\0", "%%");
        var values = new ArrayList<String>();
        int at = -1;
        for (Expr value : print.values()) {
            at = plain.indexOf('%', at + 1);
            boolean named = plain.charAt(at + 1) == 's';
            values.add(named ? name(value, (Type.Enumeration) value.type()) : shown(value));
        }
        out.step(indent, display(format, values), print.loc());
    }

    /** The name of an enumeration's value as a string; all of one length, for lint tools. */
    private String name(Expr value, Type.Enumeration type) {
        int longest = type.values().stream().mapToInt(String::length).max().orElse(1);
        var text = new StringBuilder();
        for (int i = 0; i < type.values().size(); i++) {
            var is = new Expr.Binary(
                    BinaryOp.EQ, value, new Expr.Literal(type.codes().get(i), type), new Type.Bool());
            text.append(expressions.exact(is).code())
                    .append(" ? ")
                    .append(padded(type.values().get(i), longest))
                    .append(" : ");
        }
        return "(" + text.append(padded("?", longest)).append(')');
    }

    private static String padded(String name, int length) {
        String text = '"' + name + '"';
        int zeros = 8 * (length - name.length());
        return zeros == 0 ? text : "{" + Literals.zeros(zeros) + ", " + text + "}";
    }

    private String shown(Expr value) {
        Text code = expressions.exact(value);
        return (value.type().signed() ? code.asSigned() : code.asUnsigned()).code();
    }

    private static String display(String format, List<String> values) {
        return "$display(\"" + format + '"'
                + values.stream().map(value -> ", " + value).collect(Collectors.joining()) + ");";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%");
    }
}
