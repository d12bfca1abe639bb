// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BlackBox;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Modules with the names, parameters and ports of foreign ones, around the models of the black boxes that stand for them. Where parameters have no
 * model, simulation ends with a message.
 */
final class BoxModels {
    /** The value of a parameter that an instance does not give. */
    private static final String NOT_GIVEN = "\"not given\"";

    private BoxModels() {}

    /** The text of a module per foreign one. */
    static String of(List<Module> boxes) {
        Map<String, List<Module>> byName = boxes.stream()
                .collect(Collectors.groupingBy(
                        module -> box(module).name(), LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
        var text = new StringBuilder();
        byName.forEach((name, models) -> text.append(wrapper(name, models)));
        return text.toString();
    }

    private static BlackBox box(Module module) {
        return Objects.requireNonNull(module.box());
    }

    private static String wrapper(String name, List<Module> models) {
        Set<String> parameters = new LinkedHashSet<>();
        Map<String, String> ports = new LinkedHashMap<>();
        for (Module model : models) {
            box(model).parameters().forEach(parameter -> parameters.add(parameter.name()));
            clocking(model).values().forEach(port -> ports.put(port, "input  " + port));
            for (Port port : model.ports()) {
                ports.putIfAbsent(port.name(), declaration(port));
            }
        }
        var text = new StringBuilder("\n// For simulation: what this design uses of " + name + ".\nmodule " + name);
        if (!parameters.isEmpty()) {
            text.append(parameters.stream()
                    .map(parameter -> "  parameter " + parameter + " = " + NOT_GIVEN)
                    .collect(Collectors.joining(",\n", " #(\n", "\n)")));
        }
        text.append(ports.values().stream().collect(Collectors.joining(",\n  ", " (\n  ", "\n);\n  generate\n")));
        Map<String, Module> byCondition = new LinkedHashMap<>();
        for (Module model : models) {
            Module before = byCondition.putIfAbsent(condition(model, parameters), model);
            if (before != null) {
                throw new IllegalArgumentException("black box " + name + " has two models for the same parameters, "
                        + before.name() + " and " + model.name());
            }
            text.append("    if (%s) begin : %s%n      %s model (%n        %s%n      );%n    end else%n"
                    .formatted(condition(model, parameters), "of_" + model.name(), model.name(), connections(model)));
        }
        return text.append("""
                            begin : unknown
                              initial begin
                                $display("%%m: there is no model of %s with these parameters");
                                $finish;
                              end
                            end
                          endgenerate
                        endmodule
                        """.formatted(name)).toString();
    }

    private static String declaration(Port port) {
        int width = port.type().width();
        return (port.direction() == Direction.IN ? "input  " : "output ")
                + (width == 1 ? "" : "[" + (width - 1) + ":0] ")
                + port.name();
    }

    /** Ports of the model for clock and reset, with those of the foreign module. */
    private static Map<String, String> clocking(Module model) {
        Map<String, String> ports = new LinkedHashMap<>();
        String clock = box(model).clock();
        String reset = box(model).reset();
        if (model.usesClock() && clock != null) ports.put("clk", clock);
        if (model.usesReset() && reset != null) ports.put(model.reset().portName(), reset);
        return ports;
    }

    private static String connections(Module model) {
        var connections = new ArrayList<String>();
        clocking(model).forEach((port, of) -> connections.add("." + port + " (" + of + ")"));
        model.ports().forEach(port -> connections.add("." + port.name() + " (" + port.name() + ")"));
        return String.join(",\n        ", connections);
    }

    private static String condition(Module model, Set<String> parameters) {
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach(parameter -> values.put(parameter, NOT_GIVEN));
        box(model).parameters().forEach(parameter -> values.put(parameter.name(), parameter.value()));
        return values.isEmpty()
                ? "1"
                : values.entrySet().stream()
                        .map(value -> value.getKey() + " == " + value.getValue())
                        .collect(Collectors.joining(" && "));
    }
}
