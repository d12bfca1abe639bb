// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the statement tree of the flat recording. */
final class StatementBuilder {
    /** A WHEN or SWITCH with its branches. */
    private record Choice(Item item, List<Branch> branches) {}

    /** A statement without others in it. */
    private record Simple(Item item, int number) {}

    /** A scope: the item that opened it and the assignments, writes and choices in it. */
    private record Branch(Item item, List<Object> content) {}

    private final Items items;
    private final Expr[] exprs;
    private final @Nullable Signal[] signals;
    private final Map<Integer, dev.lutra.hdl.ir.Memory> memories;
    private final Domains domains;
    private final Consumer<Diagnostic> report;

    StatementBuilder(
            Items items,
            Expr[] exprs,
            @Nullable Signal[] signals,
            Map<Integer, dev.lutra.hdl.ir.Memory> memories,
            Domains domains,
            Consumer<Diagnostic> report) {
        this.items = items;
        this.exprs = exprs;
        this.signals = signals;
        this.memories = memories;
        this.domains = domains;
        this.report = report;
    }

    List<Statement> build() {
        var choices = new HashMap<Integer, Choice>();
        Deque<List<Object>> open = new ArrayDeque<>();
        var body = new ArrayList<Object>();
        open.push(body);
        for (int i = 0; i < items.size(); i++) {
            var op = items.op(i);
            if (!op.isStatement()) {
                continue;
            }
            var item = items.get(i);
            switch (op) {
                case ASSIGN -> open.element().add(item);
                case WRITE, PORT_WRITE, CHECK, PRINT, STOP -> open.element().add(new Simple(item, i));
                case WHEN, SWITCH -> {
                    var choice = new Choice(item, new ArrayList<>());
                    choices.put(i, choice);
                    open.element().add(choice);
                    if (item.op == Op.WHEN) {
                        open.push(branch(choice, item));
                    }
                }
                case ELSE_WHEN, OTHERWISE, CASE, DEFAULT ->
                    open.push(branch(Objects.requireNonNull(choices.get(item.b)), item));
                case END -> open.pop();
                default -> {
                    // no statement
                }
            }
        }
        return statements(body);
    }

    private static List<Object> branch(Choice choice, Item item) {
        var content = new ArrayList<Object>();
        choice.branches.add(new Branch(item, content));
        return content;
    }

    private List<Statement> statements(List<Object> content) {
        var all = new ArrayList<Statement>(content.size());
        for (Object part : content) {
            if (part instanceof Choice choice) {
                add(choice, all);
            } else {
                all.add(part instanceof Simple simple ? clocked(simple) : assign((Item) part));
            }
        }
        return all;
    }

    private Statement assign(Item item) {
        return new Statement.Assign(Objects.requireNonNull(signals[item.a]), exprs[item.b], item.origin.loc());
    }

    private Statement clocked(Simple simple) {
        var item = simple.item;
        var loc = item.origin.loc();
        var domain = domains.of(simple.number);
        return switch (item.op) {
            case CHECK -> {
                var property = (Watches.Property) Objects.requireNonNull(item.x);
                yield new Statement.Check(property.claim(), exprs[item.a], property.message(), domain, loc);
            }
            case PRINT -> {
                var line = (Watches.Line) Objects.requireNonNull(item.x);
                var values = line.values().stream().map(number -> exprs[number]).toList();
                yield new Statement.Print(line.format(), values, domain, loc);
            }
            case PORT_WRITE -> {
                var port = (ReadPort) Objects.requireNonNull(signals[item.a]);
                var mask = item.c < 0 ? null : exprs[item.c];
                yield new Statement.MemoryWrite(
                        port.memory(), port.address(), exprs[item.b], mask, port.domain(), port, loc);
            }
            case STOP -> new Statement.Stop(String.valueOf(item.x), domain, loc);
            default -> {
                var mask = item.x instanceof Integer number ? exprs[number] : null;
                var memory = Objects.requireNonNull(memories.get(item.a));
                yield new Statement.MemoryWrite(memory, exprs[item.b], exprs[item.c], mask, domain, null, loc);
            }
        };
    }

    private void add(Choice choice, List<Statement> into) {
        if (choice.item.op == Op.WHEN) {
            into.addAll(when(choice.branches));
            return;
        }
        var cases = new ArrayList<Statement.Case>();
        List<Statement> otherwise = List.of();
        for (var branch : choice.branches) {
            var body = statements(branch.content);
            if (branch.item.op == Op.DEFAULT) {
                otherwise = body;
            } else {
                cases.add(new Statement.Case(values(branch.item.x), body, branch.item.origin.loc()));
            }
        }
        into.add(new Statement.Switch(exprs[choice.item.a], cases, otherwise, choice.item.origin.loc()));
    }

    private List<Statement> when(List<Branch> branches) {
        List<Statement> otherwise = List.of();
        for (int i = branches.size() - 1; i >= 0; i--) {
            var branch = branches.get(i);
            var body = statements(branch.content);
            if (branch.item.op == Op.OTHERWISE) {
                otherwise = body;
            } else if (!body.isEmpty() || !otherwise.isEmpty()) {
                otherwise =
                        List.of(new Statement.When(exprs[branch.item.a], body, otherwise, branch.item.origin.loc()));
            }
        }
        if (otherwise.isEmpty()) {
            report.accept(Diagnostic.warning(
                    "empty-when",
                    branches.get(0).item.origin.loc(),
                    "when() without a statement: it drives nothing",
                    "drive signals with set(...) in it; = only changes a Java variable"));
        }
        return otherwise;
    }

    private static List<BigInteger> values(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(BigInteger.class::cast).toList();
    }
}
