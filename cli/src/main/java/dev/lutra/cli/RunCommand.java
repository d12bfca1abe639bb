// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "run",
        description = "Writes text with a model whose linear layers run on a device.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./lutra run --model stories260K --prompt \"Once upon a time\" --weights int4 --group 32",
            "",
            "Devices: sim:verilator, sim:embedded, sim:icarus, uart:/dev/ttyUSB1 (a board, or one of lutra virtual),",
            "spi:/dev/spidev0.0 (a board on an SPI bus), etherbone:HOST[:PORT] (a board on a network), xdma:N (a card behind AMD's XDMA driver),",
            "uio:N (beside processors on one chip), xrt:N (an Alveo card), host:lut (table lookup in Java, no accelerator),",
            "reference (the quantised reference in Java).",
            "Options of boards: machine=FILE; uart: baud=N, timeout=MS; spi: hz=N; the others: memory=MIB; etherbone and xdma: base=ADDRESS,",
            "registers=ADDRESS; etherbone: timeout=MS, transport=udp|tcp, words=N, local=PORT; xdma: channel=N, event=N; uio: system=DIR;",
            "xrt: xclbin=FILE, kernel=NAME, library=DIR (docs/boards.md).",
            "Options of the simulators: machine=FILE, memory=MIB, latency=CYCLES, stalls=0..1023, seed=N,",
            "bandwidth=1..1024, dram=none|ddr4, trace=EVENTS; as in sim:embedded?latency=80&stalls=100."
        })
final class RunCommand implements Callable<Integer> {

    /** As nanoseconds it still fits a long. */
    private static final long MAX_TIMEOUT = 1_000_000_000;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A checkpoint: its directory or weights file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path model;

    @Option(names = "--prompt", paramLabel = "TEXT", defaultValue = "", description = "Text to continue.")
    private String prompt = "";

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Tokens to write at most. Default: 64.")
    private int maxTokens;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions(0, 1);

    @Option(
            names = "--device",
            paramLabel = "ADDRESS",
            description =
                    "Where the linear layers run. Default: sim:verilator if Verilator and g++ are there, else sim:embedded.")
    private String device = DefaultDevice.address();

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Option(
            names = "--program",
            paramLabel = "DIR",
            description =
                    "What lutra map wrote for this model; --weights, --group, --head, --kv and --sparse are then those of the mapping.")
    private @Nullable Path mapped;

    @Option(
            names = "--check",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Compare every accumulator with the reference. On by default.")
    private boolean check;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "Time for one region on the device, or one token of a run. Default: 600.")
    private long timeout;

    @Option(
            names = "--trace",
            paramLabel = "FILE.html",
            description =
                    "Write a page with what the accelerator's units did in the last step, by the hardware's own trace, and its roofline. "
                            + "Simulated hardware gets a trace; a board's is one of lutra gen --trace-events.")
    private @Nullable Path trace;

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr(), json);
        if (timeout < 1 || timeout > MAX_TIMEOUT) {
            throw UserException.badInput("--timeout is " + timeout, "Legal is 1.." + MAX_TIMEOUT + " seconds.");
        }
        ModelRun run = new ModelRun(model, options, mapped, device, check, Duration.ofSeconds(timeout), trace);
        return print(run, prompt, maxTokens, sampling, progress, json, out);
    }

    /** Runs, prints the text as it comes and the table after it, or one JSON object. */
    static int print(
            ModelRun run,
            String prompt,
            int maxTokens,
            SamplingOptions sampling,
            Progress progress,
            boolean json,
            PrintWriter out) {
        Consumer<String> pieces = json ? piece -> {} : new TextPrinter(out, prompt);
        RunResult result = run.run(new ModelRun.Request(prompt, maxTokens, sampling.sampler(), progress::step, pieces));
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(result.json()));
        } else {
            out.println();
            out.println();
            out.print(result.table());
        }
        out.flush();
        return Boolean.FALSE.equals(result.exact()) ? ExitCode.MISMATCH.number() : ExitCode.OK.number();
    }
}
