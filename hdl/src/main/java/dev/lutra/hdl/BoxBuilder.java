// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts together what is known of a foreign module, and checks it. */
final class BoxBuilder {
    private final Module example;
    private final Map<Class<?>, BlackBox.Fact> facts = new HashMap<>();
    private final List<dev.lutra.hdl.ir.BlackBox.Parameter> parameters = new ArrayList<>();

    BoxBuilder(Module example, List<BlackBox.Fact> facts) {
        this.example = example;
        var names = new HashSet<String>();
        for (var fact : facts) {
            if (fact instanceof BlackBox.Parameter parameter) {
                parameters.add(new dev.lutra.hdl.ir.BlackBox.Parameter(parameter.name(), parameter.value()));
                if (!names.add(parameter.name())) {
                    error("gives parameter " + parameter.name() + " twice", "give each parameter once");
                }
            } else if (this.facts.put(fact.getClass(), fact) != null) {
                error("says twice what its " + word(fact) + " is", "say it once");
            }
        }
    }

    private static String word(BlackBox.Fact fact) {
        return fact instanceof BlackBox.Source ? "Verilog" : fact instanceof BlackBox.ClockPort ? "clock" : "reset";
    }

    /**
     * @param ports with whether they are called as the source says
     * @param clock whether the model has state of the own clock
     * @param reset whether the model has reset values there
     */
    dev.lutra.hdl.ir.BlackBox build(Map<Port, Boolean> ports, List<Statement> body, boolean clock, boolean reset) {
        var name = (BlackBox.Name) Objects.requireNonNull(facts.get(BlackBox.Name.class));
        var clockPort = (BlackBox.ClockPort) facts.get(BlackBox.ClockPort.class);
        var resetPort = (BlackBox.ResetPort) facts.get(BlackBox.ResetPort.class);
        var source = (BlackBox.Source) facts.get(BlackBox.Source.class);
        if (clock && clockPort == null) {
            error("has a model with state, and no port for its clock", "say which one: clockPort(\"CLK\")");
        }
        if (reset && resetPort == null) {
            error(
                    "has a model with reset values, and no port for the reset",
                    "say which one: resetPort(\"RST\", kind), or leave out init(...)");
        }
        ports.forEach((port, exact) -> {
            if (!exact) {
                report(
                        Diagnostic.error(
                                "black-box",
                                port.loc(),
                                "port " + port.name() + " of black box " + example.shortName()
                                        + " is not called as the source says",
                                "a field must hold the port, or named(port, \"NAME\") name it: no reserved word, each name once"));
            }
        });
        return new dev.lutra.hdl.ir.BlackBox(
                name.name(),
                parameters,
                clockPort == null ? null : clockPort.name(),
                resetPort == null ? null : resetPort.name(),
                resetPort == null ? ResetKind.SYNC : resetPort.kind(),
                isModelled(ports, body),
                source == null ? null : source.file(),
                source == null ? "" : source.text());
    }

    /** What drives an output, or has none to drive. */
    private static boolean isModelled(Map<Port, Boolean> ports, List<Statement> body) {
        return !body.isEmpty()
                || ports.keySet().stream()
                        .noneMatch(p -> p.direction() == Direction.OUT && !(p.type() instanceof Type.Clock));
    }

    private void error(String what, @Nullable String hint) {
        report(Diagnostic.error(
                "black-box", example.instanceLoc(), "black box " + example.shortName() + " " + what, hint));
    }

    private void report(Diagnostic diagnostic) {
        example.session().report(diagnostic);
    }
}
