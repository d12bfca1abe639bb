// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** What Lutra finds on this machine. */
@Command(
        name = "info",
        description = "Shows the version, the Java machine, the matrix engines and which tools were found.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  ./lutra info --json"})
final class InfoCommand implements Runnable {
    private static final List<String> TOOLS = List.of("verilator", "g++", "make", "iverilog", "yosys", "nextpnr-ice40");

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Mixin
    private final ClasspathOption classpath = new ClasspathOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        classpath.open();
        List<MatrixEngine> engines = MatrixEngines.all();
        Map<String, @Nullable String> tools = new LinkedHashMap<>();
        for (String tool : TOOLS) {
            tools.put(tool, Programs.find(tool));
        }
        PrintWriter out = spec.commandLine().getOut();
        String java = System.getProperty("java.vm.name") + " " + Runtime.version();
        int processors = Runtime.getRuntime().availableProcessors();
        if (json) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("version", Version.text());
            all.put("java", java);
            all.put("processors", processors);
            all.put("engines", engines.stream().map(MatrixEngine::name).toList());
            all.put("tools", tools);
            out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all));
        } else {
            List<String> lines = new ArrayList<>();
            lines.add(row("lutra", Version.text()));
            lines.add(row("java", java));
            lines.add(row("processors", Integer.toString(processors)));
            engines.forEach(engine -> lines.add(row("engine", engine.name() + ": " + engine.description())));
            tools.forEach((tool, path) -> lines.add(row(tool, path == null ? "not found" : path)));
            lines.forEach(out::println);
        }
        out.flush();
    }

    private static String row(String name, String value) {
        return String.format("%-14s %s", name, value);
    }
}
