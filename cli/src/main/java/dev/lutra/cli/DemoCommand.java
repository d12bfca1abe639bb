// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Lets a small ternary language model write a story on the simulated accelerator.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example, on a machine without Verilator:", "  ./lutra demo --device sim:embedded --max-tokens 16"
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--model",
            paramLabel = "PATH",
            description = "Another checkpoint. Default: pocket-bitnet, which comes along.")
    private @Nullable Path model;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            defaultValue = "Once upon a time",
            description = "Text to continue. Default: Once upon a time")
    private String prompt = "";

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "96",
            description = "Tokens to write at most. Default: 96.")
    private int maxTokens;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions(0.7, 0.9);

    @Option(
            names = "--device",
            paramLabel = "ADDRESS",
            description =
                    "Where the linear layers run. Default: sim:verilator if Verilator and g++ are there, else sim:embedded.")
    private String device = DefaultDevice.address();

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr(), json);
        Path checkpoint = model == null ? BundledModel.unpacked() : model;
        ModelRun run = new ModelRun(checkpoint, options, null, device, true, Duration.ofMinutes(10), null);
        return RunCommand.print(run, prompt, maxTokens, sampling, progress, json, out);
    }
}
