// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.BitstreamManifest;
import dev.lutra.bitstream.BoardBuild;
import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.bitstream.board.Fit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "build",
        description = "Builds the bitstream of an accelerator for a board, with open tools.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra build --board icebreaker",
            "  ./lutra build --board hx8k --out build/hx8k --json",
            "  ./lutra build --list",
            "",
            "Without a machine, the small one is built, or the nearest to it that fits. Written: board.bin, manifest.json, machine.json,",
            "the Verilog, the pin constraints, and the router's report and log. docs/boards.md says more."
        })
final class BuildCommand implements Callable<Integer> {

    @Option(
            names = "--board",
            paramLabel = "NAME",
            description = "icebreaker, hx8k, or the .json file of a description.")
    private @Nullable String name;

    @Mixin
    private final MachineOptions options = new MachineOptions();

    @Mixin
    private final ClasspathOption classpath = new ClasspathOption();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder to write to. Default: build/NAME.")
    private @Nullable Path out;

    @Option(names = "--list", description = "List what was built instead.")
    private boolean list;

    @Option(names = "--json", description = "Print JSON: the manifest, or all of them.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        classpath.open();
        PrintWriter printer = spec.commandLine().getOut();
        String path = System.getenv("PATH");
        BoardBuild builds = new BoardBuild(CacheFolder.of("bitstreams"), path == null ? "" : path);
        if (list) {
            var all = builds.list();
            if (json) {
                printer.println(JsonMapper.shared().writeValueAsString(all));
            } else {
                all.forEach(m -> printer.println("%-11s %s  %6.2f of %5.1f MHz  %s"
                        .formatted(m.board(), m.fingerprint(), m.clockMhz(), m.fmaxMhz(), m.sha256())));
            }
            printer.flush();
            return ExitCode.OK.number();
        }
        if (name == null) {
            throw UserException.badInput("--board is missing", "Boards that can be built: icebreaker, hx8k");
        }
        Progress progress = new Progress(spec.commandLine().getErr(), json);
        Board board = Boards.named(name);
        Path directory = out == null ? Path.of("build", board.name()) : out;
        BitstreamManifest manifest = builds.build(board, machine(board, progress), directory, progress::step);
        if (json) {
            printer.println(JsonMapper.shared().writeValueAsString(manifest));
        } else {
            print(manifest, directory, printer);
        }
        printer.flush();
        return ExitCode.OK.number();
    }

    private Machine machine(Board board, Progress progress) {
        progress.step("estimating");
        Fit fit = Fit.of(board, options.isGiven() ? options.machine() : Machine.smallest());
        if (!options.isGiven()) {
            return fit.smaller()
                    .orElseThrow(() -> UserException.badInput(
                            "no machine was found that fits on " + board.name(), "Give one: --machine FILE."))
                    .machine();
        }
        if (!fit.fits()) { // estimates are estimates: the tools have the last word
            progress.step(fit.over().stream()
                    .map(d -> d.resource() + " " + d.needed() + " of " + d.available())
                    .collect(Collectors.joining(", ", "by estimates this is too large (", "); trying")));
        }
        return fit.machine();
    }

    private static void print(BitstreamManifest m, Path directory, PrintWriter out) {
        row(out, "bitstream", directory.resolve(m.bitstream()) + ", sha256 " + m.sha256());
        row(
                out,
                "clock",
                "%.2f MHz of %.2f reached: a margin of %.1f %%"
                        .formatted(m.clockMhz(), m.fmaxMhz(), m.marginPercent()));
        m.resources().forEach((kind, use) -> row(out, kind.replace('_', ' '), use.toString()));
        row(out, "line", m.baud() + " baud");
        row(out, "fingerprint", m.fingerprint());
        m.tools().forEach((tool, version) -> row(out, tool, version));
        row(out, "load it", "./lutra program " + directory);
    }

    private static void row(PrintWriter out, String what, String value) {
        out.println("%-18s %s".formatted(what, value));
    }
}
