// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds a path on which a signal is not driven and puts its conditions into words. */
final class Uncovered {

    private static final int CONDITIONS = 4;

    private Uncovered() {}

    /** {@code en is false and state is DONE}. */
    static String condition(List<Statement> body, Signal target) {
        List<String> path = path(body, target);
        if (path == null || path.isEmpty()) {
            return "nothing drives it";
        }
        List<String> shown = path.subList(0, Math.min(CONDITIONS, path.size()));
        return String.join(" and ", shown) + (path.size() > CONDITIONS ? " and so on" : "");
    }

    /** The conditions of a path without an assignment, null: there is none. */
    private static @Nullable List<String> path(List<Statement> body, Signal target) {
        var conditions = new ArrayList<String>();
        for (Statement statement : body) {
            List<String> part = path(statement, target);
            if (part == null) {
                return null;
            }
            conditions.addAll(part);
        }
        return conditions;
    }

    private static @Nullable List<String> path(Statement statement, Signal target) {
        if (statement instanceof Statement.Assign assign) {
            return assign.target().equals(target) ? null : List.of();
        } else if (statement instanceof Statement.When when) {
            return path(when, target);
        } else if (statement instanceof Statement.Switch choice) {
            return path(choice, target);
        }
        return List.of();
    }

    private static @Nullable List<String> path(Statement.When when, Signal target) {
        List<String> then = path(when.then(), target);
        List<String> otherwise = path(when.otherwise(), target);
        if (then != null && then.isEmpty() && otherwise != null && otherwise.isEmpty() && !mentions(when, target)) {
            return List.of();
        }
        if (otherwise != null && (then == null || otherwise.size() <= then.size())) {
            return with(Words.is(when.cond(), false), otherwise);
        }
        return then == null ? null : with(Words.is(when.cond(), true), then);
    }

    private static @Nullable List<String> path(Statement.Switch choice, Signal target) {
        if (!mentions(choice, target)) {
            return List.of();
        }
        Expr subject = choice.subject();
        Type type = subject.type();
        SwitchCover cover = SwitchCover.of(choice);
        List<String> rest = cover.complete() ? null : path(choice.otherwise(), target);
        if (rest != null) {
            String values =
                    cover.missing().stream().map(v -> Words.value(v, type)).collect(Collectors.joining(", "));
            String codes = values.isEmpty() ? "a code without a name" : values + (cover.more() ? ", ..." : "");
            return with(Words.expr(subject) + " is " + codes, rest);
        }
        for (Statement.Case branch : choice.cases()) {
            List<String> inside = path(branch.body(), target);
            if (inside != null) {
                String values =
                        branch.values().stream().map(v -> Words.value(v, type)).collect(Collectors.joining(" or "));
                return with(Words.expr(subject) + " is " + values, inside);
            }
        }
        return null;
    }

    private static boolean mentions(Statement statement, Signal target) {
        if (statement instanceof Statement.Assign assign) {
            return assign.target().equals(target);
        } else if (statement instanceof Statement.When when) {
            return mentions(when.then(), target) || mentions(when.otherwise(), target);
        } else if (statement instanceof Statement.Switch choice) {
            return mentions(choice.otherwise(), target)
                    || choice.cases().stream().anyMatch(branch -> mentions(branch.body(), target));
        }
        return false;
    }

    private static boolean mentions(List<Statement> body, Signal target) {
        return body.stream().anyMatch(statement -> mentions(statement, target));
    }

    private static List<String> with(String first, List<String> rest) {
        var all = new ArrayList<String>();
        all.add(first);
        all.addAll(rest);
        return all;
    }
}
