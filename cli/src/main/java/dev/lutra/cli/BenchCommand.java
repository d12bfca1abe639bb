// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** The figures of docs/figures.md, measured anew. */
@Command(
        name = "bench",
        description = "Measures how near the accelerator comes to its ceiling, and how fast the simulators run it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./lutra bench --json",
            "",
            "Needs Verilator and g++. Weights and activations are random: neither cycles nor bytes depend on them."
        })
final class BenchCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr(), json);
        BenchResult result = BenchRun.measure(progress::step);
        out.print(
                json ? JsonMapper.shared().writeValueAsString(result.json()) + System.lineSeparator() : result.table());
        out.flush();
        return ExitCode.OK.number();
    }
}
