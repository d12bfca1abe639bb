// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.verilator.DesignSource.SourcePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the C++ that ties one design to {@code lutra_glue.h}: its port table and the code that copies whole batch rows,
 * with the widths as constants, which is what makes a batch as fast as a hand-written C++ loop.
 */
final class Glue {
    /** Names that Verilator's own classes give to members beside the ports. */
    private static final Set<String> TAKEN = Set.of(
            "contextp",
            "eval",
            "eval_end_step",
            "eval_step",
            "eventsPending",
            "final",
            "hierName",
            "modelName",
            "name",
            "nextTimeSlot",
            "rootp",
            "threads",
            "trace",
            "traceConfig",
            "vlSymsp");

    private static final String EVALUATE = "Vmodel___024root___eval";

    private Glue() {}

    /** Whether a port has a name that its C++ class already uses; the design then needs {@link #wrapper}. */
    static boolean needsWrapper(DesignSource design) {
        return design.ports().stream().anyMatch(p -> TAKEN.contains(p.name()));
    }

    /** A module around the design, an instance named as its module, whose ports have names that nothing else uses. */
    static String wrapper(DesignSource design) {
        List<String> ports = new ArrayList<>();
        List<String> connections = new ArrayList<>();
        if (design.clocked()) {
            ports.add("input wire clk");
            connections.add(".clk(clk)");
        }
        ResetKind reset = design.reset();
        if (reset != null) {
            ports.add("input wire " + reset.portName());
            connections.add("." + reset.portName() + "(" + reset.portName() + ")");
        }
        for (SourcePort port : design.ports()) {
            ports.add(
                    (port.input() ? "input" : "output") + " wire [" + (port.width() - 1) + ":0] lutra_" + port.name());
            connections.add("." + port.name() + "(lutra_" + port.name() + ")");
        }
        return "module lutra_wrapper(\n  " + String.join(",\n  ", ports) + ");\n  " + design.top() + " " + design.top()
                + "(\n    " + String.join(",\n    ", connections) + ");\nendmodule\n";
    }

    /**
     * @param model text of Verilator's {@code Vmodel.h}, from which the members' names are taken
     * @param root text of {@code Vmodel___024root.h}, which tells how edges are found
     * @param body text of {@code Vmodel.cpp}, which tells how the design is evaluated
     * @param functions texts of the files that hold the design's functions, those that only the first evaluation needs left out
     */
    static String write(
            DesignSource design, boolean trace, String model, String root, String body, List<String> functions) {
        StringBuilder text = new StringBuilder();
        text.append("#include \"Vmodel.h\"\n#include \"Vmodel___024root.h\"\n");
        boolean wrapped = needsWrapper(design);
        List<String> clocks = design.clocks().stream()
                .map(clock -> member(wrapped && !clock.equals("clk") ? "lutra_" + clock : clock, model))
                .toList();
        if (clocks.size() > 1) {
            add(text, "#define LUTRA_CLOCKS ", clocks.size(), "\n");
            text.append("static inline void set_clocks(Vmodel& top, uint64_t rising) {\n");
            for (int i = 0; i < clocks.size(); i++) {
                add(text, "    top.", clocks.get(i), " = rising >> ", i, " & 1;\n");
            }
            text.append("}\n");
        } else if (clocks.size() == 1) {
            add(text, "#define LUTRA_CLOCK ", clocks.get(0), "\n");
            Matcher seen =
                    Pattern.compile("CData[^;]* (__Vtrigr?prev\\w*)\\s*;").matcher(root);
            List<String> found = seen.results().map(m -> m.group(1)).distinct().toList();
            if (found.size() == 1 && found.get(0).endsWith("__" + clocks.get(0))) {
                text.append("#define LUTRA_CLOCK_SEEN ").append(found.get(0)).append('\n');
            }
        }
        ResetKind reset = design.reset();
        if (reset != null) {
            add(text, "#define LUTRA_RESET ", reset.portName(), "\n");
            add(text, "#define LUTRA_RESET_ACTIVE ", reset.activeLow() ? 0 : 1, "\n");
        }
        if (body.contains("    " + EVALUATE + "(&(vlSymsp->TOP));")) {
            text.append("#define LUTRA_EVALUATE ").append(EVALUATE).append('\n');
            String edge = clocks.size() == 1 ? edge(clocks.get(0), functions) : null;
            if (edge != null) {
                text.append("#define LUTRA_EDGE lutra_edge\n").append(edge);
            }
        }
        if (trace) {
            text.append("#define LUTRA_TRACE\n");
        }
        StringBuilder table = new StringBuilder();
        StringBuilder addresses = new StringBuilder();
        StringBuilder load = new StringBuilder();
        StringBuilder store = new StringBuilder();
        int number = 0;
        int inputs = 0;
        int outputs = 0;
        for (SourcePort port : design.ports()) {
            String member = member(wrapped ? "lutra_" + port.name() : port.name(), model);
            int bytes = bytes(port.width());
            int signed = port.signed() ? 1 : 0;
            int input = port.input() ? 1 : 0;
            add(table, "    {\"", port.name(), "\", ", port.width(), ", ", input, ", ", signed, ", ", bytes, "},\n");
            add(addresses, "    case ", number, ": return &top.", member, ";\n");
            String place = "(&top." + member + ", " + bytes + ", " + port.width() + ", ";
            if (port.input()) {
                add(load, "    lutra_put", place, "row + place[", inputs++, "]);\n");
            } else {
                add(store, "    lutra_get", place, signed, ", row + place[", outputs++, "]);\n");
            }
            add(text, "static_assert(sizeof(Vmodel::", member, ") == ", bytes, ", \"", port.name(), "\");\n");
            number++;
        }
        add(text, "enum { PORT_COUNT = ", number, " };\n");
        text.append("static const lutra_port PORTS[] = {\n").append(table).append("    {\"\", 0, 0, 0, 0}};\n");
        text.append("static void* address(Vmodel& top, uint32_t port) {\n    switch (port) {\n")
                .append(addresses);
        text.append("    default: return nullptr;\n    }\n}\n");
        text.append("static inline void load(Vmodel& top, const uint64_t* row, const uint32_t* place) {\n");
        text.append(load).append("}\n");
        text.append("static inline void store(Vmodel& top, uint64_t* row, const uint32_t* place) {\n");
        text.append(store).append("}\n");
        text.append("#include \"lutra_glue.h\"\n");
        return text.toString();
    }

    /**
     * Verilator's evaluation without its first part, which computes what follows from inputs: after a change of the clock alone, that is known.
     * Null if it does not look as expected, has no such part, or if anything but the search for edges reads the clock.
     */
    private static @Nullable String edge(String clock, List<String> functions) {
        Pattern reads = Pattern.compile("\\b" + clock + "\\b");
        String evaluate = "";
        for (String file : functions) {
            for (String function : file.split("(?<=\n}\n)")) {
                int start = function.indexOf("void " + EVALUATE + "(Vmodel___024root* vlSelf) {");
                if (start >= 0) {
                    evaluate = function.substring(start);
                }
                if (!function.contains("___eval_triggers__act(Vmodel___024root* vlSelf) {")
                        && !function.contains("___eval_debug_assertions(Vmodel___024root* vlSelf) {")
                        && reads.matcher(function).find()) {
                    return null;
                }
            }
        }
        int from = evaluate.indexOf("    vlSelf->__VicoIterCount = 0U;\n");
        int to = from < 0 ? -1 : evaluate.indexOf("    __VnbaIterCount = 0U;\n", from);
        return to < 0
                ? null
                : "static "
                        + (evaluate.substring(0, from) + evaluate.substring(to)).replaceFirst(EVALUATE, "lutra_edge");
    }

    private static void add(StringBuilder to, Object... parts) {
        for (Object part : parts) {
            to.append(part);
        }
    }

    /** Bytes of Verilator's storage of a port. */
    private static int bytes(int width) {
        if (width <= 8) {
            return 1;
        }
        if (width <= 16) {
            return 2;
        }
        return width <= 32 ? 4 : width <= 64 ? 8 : (width + 31) / 32 * 4;
    }

    /** Verilator's C++ name of a port: double underscores are coded, C++ keywords get a prefix. */
    private static String member(String port, String model) {
        String encoded = port.replace("__", "___05F");
        return model.contains("&__SYM__" + encoded + ",") ? "__SYM__" + encoded : encoded;
    }
}
