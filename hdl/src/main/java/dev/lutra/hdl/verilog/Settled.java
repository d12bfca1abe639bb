// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.pass.SwitchCover;
import java.util.ArrayList;
import java.util.List;

/** Replaces conditional statements whose branch is known by that branch: constant conditions, switches of one branch. */
final class Settled {

    private Settled() {}

    /** The body with known branches in place; the same list when there are none. */
    static List<Statement> of(List<Statement> body) {
        List<Statement> changed = null;
        for (int i = 0; i < body.size(); i++) {
            Statement statement = body.get(i);
            List<Statement> instead = settle(statement);
            boolean same = instead.size() == 1 && instead.get(0) == statement;
            if (!same && changed == null) {
                changed = new ArrayList<>(body.subList(0, i));
            }
            if (changed != null) {
                changed.addAll(instead);
            }
        }
        return changed == null ? body : changed;
    }

    private static List<Statement> settle(Statement statement) {
        if (statement instanceof Statement.When when) {
            if (when.cond() instanceof Expr.Literal known) {
                return of(known.value().signum() != 0 ? when.then() : when.otherwise());
            }
            List<Statement> then = of(when.then());
            List<Statement> otherwise = of(when.otherwise());
            return then == when.then() && otherwise == when.otherwise()
                    ? List.of(when)
                    : List.of(new Statement.When(when.cond(), then, otherwise, when.loc()));
        }
        return statement instanceof Statement.Switch choice ? settle(choice) : List.of(statement);
    }

    private static List<Statement> settle(Statement.Switch choice) {
        if (choice.cases().isEmpty()) {
            return of(choice.otherwise());
        }
        if (choice.cases().size() == 1 && SwitchCover.of(choice).complete()) {
            return of(choice.cases().get(0).body());
        }
        if (choice.subject() instanceof Expr.Literal known) {
            return of(choice.cases().stream()
                    .filter(branch -> branch.values().contains(known.value()))
                    .findFirst()
                    .map(Statement.Case::body)
                    .orElse(choice.otherwise()));
        }
        boolean same = true;
        var cases = new ArrayList<Statement.Case>();
        for (Statement.Case branch : choice.cases()) {
            List<Statement> body = of(branch.body());
            same &= body == branch.body();
            cases.add(body == branch.body() ? branch : new Statement.Case(branch.values(), body, branch.loc()));
        }
        List<Statement> otherwise = of(choice.otherwise());
        same &= otherwise == choice.otherwise();
        return same ? List.of(choice) : List.of(new Statement.Switch(choice.subject(), cases, otherwise, choice.loc()));
    }
}
