// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.BitstreamManifest;
import dev.lutra.bitstream.BoardBuild;
import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.bitstream.board.Fit;
import dev.lutra.bitstream.vendor.VendorProject;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.program.MapDirectory;
import dev.lutra.runtime.serial.LineKind;
import dev.lutra.runtime.serial.SerialRate;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "build",
        description =
                "Builds the bitstream of an accelerator for a board with open tools, or generates the project for the board's own.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra build --board icebreaker",
            "  ./lutra build --board hx8k --out build/hx8k --json",
            "  ./lutra build --board icebreaker --host spi --out build/icebreaker-spi",
            "  ./lutra build --board icebreaker --program build/pocket",
            "  ./lutra build --board u280",
            "  ./lutra build --list",
            "",
            "icebreaker and hx8k are built. For the other boards the project for their tools is generated (scripts, constraints, wrapper, kernel.xml)",
            "and the command that runs it is printed; nobody has run those yet.",
            "Without a machine, the small one is built, or the nearest to it that fits. Written: board.bin, manifest.json, machine.json,",
            "the Verilog, the pin constraints, and the router's report and log. docs/boards.md says more."
        })
final class BuildCommand implements Callable<Integer> {

    @Option(
            names = "--board",
            paramLabel = "NAME",
            description = "A board of lutra boards, or the .json file of a description.")
    private @Nullable String name;

    @Option(
            names = "--host",
            paramLabel = "KIND",
            description =
                    "Way to the host: uart or spi, where the board has pins for it. Default: the first of its description.")
    private @Nullable String host;

    @Mixin
    private final MachineOptions options = new MachineOptions();

    @Mixin
    private final ClasspathOption classpath = new ClasspathOption();

    @Option(names = "--out", paramLabel = "DIR", description = "Folder to write to. Default: build/NAME.")
    private @Nullable Path out;

    @Option(
            names = "--program",
            paramLabel = "DIR",
            description =
                    "What lutra map wrote for a machine that reads the board's flash: the machine is that one, and its weights become a file for the flash.")
    private @Nullable Path program;

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
                all.forEach(m -> printer.println("%-11s %-4s %s  %6.2f of %5.1f MHz  %s"
                        .formatted(m.board(), m.host(), m.fingerprint(), m.clockMhz(), m.fmaxMhz(), m.sha256())));
            }
            printer.flush();
            return ExitCode.OK.number();
        }
        if (name == null) {
            throw UserException.badInput("--board is missing", "Boards that can be built: icebreaker, hx8k");
        }
        Progress progress = new Progress(spec.commandLine().getErr(), json);
        Board board = host == null ? Boards.named(name) : Boards.named(name).through(host);
        Path directory = out == null ? Path.of("build", board.name()) : out;
        if (!board.flow().isRun()) {
            export(board, directory, progress, printer);
            return ExitCode.OK.number();
        }
        MapDirectory mapped = program == null ? null : MapDirectory.read(program);
        Machine machine = machine(board, mapped, progress);
        BitstreamManifest manifest = builds.build(board, machine, directory, progress::step);
        SerialRate rate = null;
        if (mapped != null) {
            manifest = BoardBuild.addWeights(directory, machine, mapped.image());
            rate = SerialRate.of(
                    mapped.program(),
                    manifest.clockMhz() * 1e6,
                    LineKind.valueOf(manifest.host().toUpperCase(Locale.ROOT)),
                    manifest.baud());
        }
        if (json) {
            ObjectNode all = JsonMapper.shared().valueToTree(manifest);
            if (rate != null) {
                all.put("tokens_per_second", rate.tokensPerSecond());
                all.put("ceiling_tokens_per_second", rate.ceilingTokensPerSecond());
            }
            printer.println(all);
        } else {
            print(manifest, directory, printer);
            if (rate != null) {
                row(printer, "computed", rate.text());
            }
            row(printer, "load it", "./lutra program " + directory);
        }
        printer.flush();
        return ExitCode.OK.number();
    }

    /** Writes the project for tools that are not run here. */
    private void export(Board board, Path directory, Progress progress, PrintWriter printer) {
        boolean beside = !options.isGiven() && !board.host().kind().equals("uart");
        VendorProject project = VendorProject.of(board, beside ? Machine.standard() : machine(board, null, progress));
        project.write(directory);
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("board", board.name());
        said.put("part", board.part().name());
        said.put("top", project.top());
        said.put("status", "generated, not run");
        said.put("command", project.command());
        said.put("directory", directory.toString());
        said.put("files", List.copyOf(project.files().keySet()));
        said.put("fingerprint", project.design().machineFile().fingerprint());
        said.put("build_id", project.design().machineFile().buildId());
        if (json) {
            printer.println(JsonMapper.shared().writeValueAsString(said));
        } else {
            said.forEach((what, value) -> row(printer, what.replace('_', ' '), value.toString()));
        }
        printer.flush();
    }

    private Machine machine(Board board, @Nullable MapDirectory mapped, Progress progress) {
        if (mapped != null && options.isGiven()) {
            throw UserException.badInput(
                    "--program and a machine are both given", "The machine is the one that the model was mapped for.");
        }
        progress.step("estimating");
        Machine wanted = mapped != null
                ? mapped.program().machine()
                : options.isGiven() ? options.machine() : Machine.smallest();
        Fit fit = Fit.of(board, wanted);
        if (mapped == null && !options.isGiven()) {
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
        m.flash()
                .forEach(part -> row(
                        out,
                        "flash",
                        "%s, %d bytes at 0x%X, sha256 %s"
                                .formatted(
                                        directory.resolve(part.file()), part.bytes(), part.offset(), part.sha256())));
        row(out, "line", m.host() + ", " + m.baud() + " baud");
        row(out, "fingerprint", m.fingerprint());
        m.tools().forEach((tool, version) -> row(out, tool, version));
    }

    private static void row(PrintWriter out, String what, String value) {
        out.println("%-18s %s".formatted(what, value));
    }
}
