// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.bitstream.board.Fit;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "boards",
        description = "Shows boards, and which of them a machine fits on, by estimates: no tool runs.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra boards",
            "  ./lutra boards icebreaker --json",
            "  ./lutra boards --preset small",
            "  ./lutra boards icebreaker --preset default --write smaller.json",
            "",
            "With a machine (--machine, --preset or its parameters), each board is asked whether it fits; a board that is named is also",
            "asked what smaller machine would fit, which --write keeps. docs/boards.md says what estimates are worth."
        })
final class BoardsCommand implements Runnable {

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "A board, or the .json file of a description; all without it.")
    private @Nullable String name;

    @Mixin
    private final MachineOptions machine = new MachineOptions();

    @Mixin
    private final ClasspathOption classpath = new ClasspathOption();

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "Write the machine.json of the machine that fits on the board that is named.")
    private @Nullable Path write;

    @Option(names = "--json", description = "Print JSON: descriptions, or what fits.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        classpath.open();
        PrintWriter out = spec.commandLine().getOut();
        if (write != null && (name == null || !machine.isGiven())) {
            throw UserException.badInput("--write needs a board and a machine", "Give both: NAME --preset default");
        }
        List<Board> boards = name == null ? Boards.all() : List.of(Boards.named(name));
        if (!machine.isGiven()) {
            if (json) {
                out.println(JsonMapper.shared().writeValueAsString(name == null ? boards : boards.get(0)));
            } else if (name == null) {
                list(boards, out);
            } else {
                show(boards.get(0), out);
            }
        } else {
            fits(boards, machine.machine(), out);
        }
        out.flush();
    }

    private static void list(List<Board> boards, PrintWriter out) {
        out.println("%-11s %-45s %-26s %9s %6s %6s  %-10s %s"
                .formatted("board", "", "part", "LUTs", "DSPs", "BRAMs", "host", "tools"));
        for (Board board : boards) {
            Board.Part part = board.part();
            out.println("%-11s %-45s %-26s %9d %6d %6d  %-10s %s%s"
                    .formatted(
                            board.name(),
                            board.title(),
                            part.name(),
                            part.luts(),
                            part.dsps(),
                            part.blockRams(),
                            board.hosts().stream().map(h -> h.kind() + ":").collect(Collectors.joining(" ")),
                            board.flow(),
                            board.flow().isRun() ? "" : " (not run)"));
        }
    }

    private static void show(Board board, PrintWriter out) {
        Board.Part part = board.part();
        out.println(board.name() + ": " + board.title());
        row(out, "part", part.name(), part.source());
        row(
                out,
                "",
                "%d LUTs, %d flip-flops, %d DSPs, %d block RAMs, %d wide RAMs of %d KiB"
                        .formatted(
                                part.luts(),
                                part.flipFlops(),
                                part.dsps(),
                                part.blockRams(),
                                part.wideRams(),
                                part.wideRamBytes() >> 10),
                "");
        board.clocks()
                .forEach(c -> row(
                        out,
                        "clock",
                        c.name() + ", " + c.megahertz() + " MHz" + (c.pin().isEmpty() ? "" : ", pin " + c.pin()),
                        c.source()));
        board.pins().forEach(p -> row(out, "pin", p.signal() + " " + p.pin(), p.source()));
        board.memories()
                .forEach(m -> row(
                        out,
                        "memory",
                        "%s, %d KiB, %.3g GB/s%s"
                                .formatted(
                                        m.name(),
                                        m.bytes() >> 10,
                                        m.bytesPerSecond() / 1e9,
                                        m.usable() ? "" : ", unused"),
                        m.source()));
        board.hosts()
                .forEach(h -> row(
                        out,
                        "host",
                        h.kind() + ":" + (h.baud() > 0 ? h.device() + ", " + h.baud() + " baud" : ""),
                        h.source()));
        row(out, "tools", board.flow() + (board.flow().isRun() ? "" : ", which lutra build does not run"), "");
    }

    private static void row(PrintWriter out, String what, String value, String source) {
        out.println("  %-8s %-62s %s".formatted(what, value, source).stripTrailing());
    }

    private void fits(List<Board> boards, Machine asked, PrintWriter out) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Board board : boards) {
            Fit fit = Fit.of(board, asked);
            Fit smaller = name == null || fit.fits() ? null : fit.smaller().orElse(null);
            if (json) {
                Map<String, @Nullable Object> row = facts(fit);
                row.put("smaller", smaller == null ? null : facts(smaller));
                rows.add(row);
            } else {
                print(fit, out);
                if (smaller != null) {
                    out.println("  would fit: " + describe(smaller.machine()));
                    print(smaller, out);
                } else if (name != null && !fit.fits()) {
                    out.println("  nothing smaller of this engine was found to fit");
                }
            }
            if (write != null) {
                Fit good = fit.fits() ? fit : smaller;
                if (good == null) {
                    throw UserException.badInput(
                            "no machine of this engine was found to fit on " + board.name(), "Try --preset small.");
                }
                keep(good.machine(), write);
            }
        }
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(name == null ? rows : rows.get(0)));
        }
    }

    private static void keep(Machine machine, Path file) {
        try {
            Files.writeString(file, MachineFile.of(machine, "", Map.of()).toJson());
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "cannot write " + file + ": " + IoReason.of(e), null, e);
        }
    }

    private static Map<String, @Nullable Object> facts(Fit fit) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("board", fit.board().name());
        facts.put("fits", fit.fits());
        facts.put("demands", fit.demands());
        facts.put("over", fit.over().stream().map(Fit.Demand::resource).toList());
        facts.put("machine", fit.machine());
        return facts;
    }

    private static void print(Fit fit, PrintWriter out) {
        StringBuilder line =
                new StringBuilder("%-11s %-9s".formatted(fit.board().name(), fit.fits() ? "fits" : "does not"));
        for (Fit.Demand demand : fit.demands()) {
            if (demand.needed() > 0 || demand.isOver()) {
                line.append("%s %d of %d%s; "
                        .formatted(
                                demand.resource(),
                                demand.needed(),
                                demand.available(),
                                demand.isOver() ? " (over)" : ""));
            }
        }
        line.setLength(line.length() - 2);
        out.println(line);
    }

    private static String describe(Machine machine) {
        Engine e = machine.engine();
        Bus bus = machine.bus();
        Buffers b = machine.buffers();
        return "%s %d x %d, %d tables of %d%s; %s; rings and halves %d, %d, %d, %d, program %d bytes"
                .formatted(
                        e.kind(),
                        e.m(),
                        e.n(),
                        e.t(),
                        e.g(),
                        e.groupScales() ? "" : ", no group scales",
                        bus.kind() == Bus.Kind.LOCAL
                                ? "%d KiB of memory on the chip%s"
                                        .formatted(bus.writable() >> 10, bus.hasFlash() ? ", weights in the flash" : "")
                                : "AXI4 of %d bits".formatted(bus.dataBits()),
                        b.weightRing(),
                        b.scaleRing(),
                        b.activationHalf(),
                        b.outputHalf(),
                        b.program());
    }
}
