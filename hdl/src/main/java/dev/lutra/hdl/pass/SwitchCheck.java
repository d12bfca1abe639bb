// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Diagnostic.Site;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Values of cases: each in the range of the subject and in one case only. */
final class SwitchCheck {

    private final Module module;
    private final List<Diagnostic> findings = new ArrayList<>();

    SwitchCheck(Module module) {
        this.module = module;
        block(module.body());
    }

    List<Diagnostic> findings() {
        return findings;
    }

    private void block(List<Statement> body) {
        for (Statement statement : body) {
            if (statement instanceof Statement.When when) {
                block(when.then());
                block(when.otherwise());
            } else if (statement instanceof Statement.Switch choice) {
                values(choice);
                choice.cases().forEach(branch -> block(branch.body()));
                block(choice.otherwise());
            }
        }
    }

    private void values(Statement.Switch choice) {
        Type type = choice.subject().type();
        var seen = new HashMap<BigInteger, Statement.Case>();
        for (Statement.Case branch : choice.cases()) {
            for (BigInteger value : branch.values()) {
                if (!value.equals(type.wrap(value))) {
                    findings.add(Diagnostic.error(
                            "case-range",
                            branch.loc(),
                            "case " + value + " of the switch on " + Words.expr(choice.subject()) + " in "
                                    + module.name() + " is out of the range of " + type + " (" + type.min() + " to "
                                    + type.max() + ")",
                            "remove the case or widen what the switch looks at"));
                }
                Statement.Case earlier = seen.putIfAbsent(value, branch);
                if (earlier != null) {
                    findings.add(Diagnostic.error(
                            "case-twice",
                            List.of(new Site(branch.loc(), "again here"), new Site(earlier.loc(), "first here")),
                            "case " + Words.value(value, type) + " of the switch on " + Words.expr(choice.subject())
                                    + " in " + module.name() + " appears twice",
                            "each value belongs to one case"));
                }
            }
        }
    }
}
