// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import dev.lutra.sim.Batch;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.SimulatorOptions;
import dev.lutra.sim.bench.CoverReport;
import dev.lutra.sim.bench.ToggleCoverage;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.StopException;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.LongBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a design on the rows of a file. */
@Command(
        name = "sim",
        description = "Simulates a design: inputs from a file, outputs and waves to files.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra sim dev.lutra.examples.tour.chisel.Gcd --classpath docs/examples/target/quick/classes --stimulus docs/sim/gcd.csv",
            "  ./lutra sim engine --columns 4 --stimulus in.csv --out out.csv --simulator verilator --vcd waves.vcd",
            "",
            "The stimulus is CSV (a header of input ports, a line for each cycle, an empty cell keeps its value) or JSON lines (an",
            "object for each cycle). Values are decimal, 0x hexadecimal, 0b binary, or names of enumerations. The outputs come in the",
            "same form, as they are before the edge of the cycle. docs/sim/command.md has more."
        })
final class SimCommand implements Runnable {
    private static final int BLOCK = 1024;

    @Parameters(
            paramLabel = "DESIGN",
            description = "accelerator, engine (both as lutra gen makes them), or the class of a module.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String design;

    @Option(
            names = "--stimulus",
            required = true,
            paramLabel = "FILE",
            description = "Values of the inputs, CSV or JSON lines.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path stimulus;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the outputs go; standard output if not given.")
    private @Nullable Path out;

    @Option(names = "--vcd", paramLabel = "FILE", description = "Also write waves of the whole run.")
    private @Nullable Path vcd;

    @Option(
            names = "--simulator",
            paramLabel = "NAME",
            defaultValue = "embedded",
            description = "embedded (the default), verilator or icarus.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String simulator;

    @Option(
            names = "--reset",
            paramLabel = "CYCLES",
            defaultValue = "1",
            description = "Cycles of reset before the first line; 1 if not given, 0 for none.")
    private int reset;

    @Option(
            names = "--coverage",
            description = "Print which bits of the ports rose and fell, as a table, on standard error.")
    private boolean coverage;

    @Mixin
    private final MachineOptions options = new MachineOptions();

    @Mixin
    private final ClasspathOption classpath = new ClasspathOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        EngineKind engine = engine();
        if (reset < 0) {
            throw UserException.badInput("--reset is " + reset, "Give a number of cycles, at least 0.");
        }
        classpath.open();
        Elaboration<?> elaboration = ChosenDesign.of(design, options.machine());
        String top = elaboration.circuit().top().name();
        try (var rows = StimulusFile.open(stimulus, elaboration.circuit().top().ports(), top)) {
            if (vcd != null) {
                Files.writeString(vcd, ""); // so that a path that cannot be written is refused before the run
            }
            PrintWriter err = spec.commandLine().getErr();
            var opened = SimulatorOptions.defaults()
                    .withTrace(vcd != null)
                    .withProgress(text -> err.println("lutra: " + text));
            try (Simulator sim = engine.open(elaboration, opened)) {
                if (vcd != null) {
                    sim.trace(vcd);
                }
                sim.onPrint(err::println);
                if (reset > 0) {
                    sim.reset(reset);
                }
                write(sim, rows);
            }
        } catch (IOException e) {
            String file = e instanceof FileSystemException at && at.getFile() != null
                    ? at.getFile().replaceFirst("\\.part$", "")
                    : stimulus.toString();
            throw new UserException(UserException.Kind.BAD_INPUT, file + ": " + IoReason.of(e), null, e);
        }
    }

    private EngineKind engine() {
        for (EngineKind engine : EngineKind.values()) {
            if (engine.toString().equals(simulator)) {
                return engine;
            }
        }
        throw UserException.badInput(
                "--simulator is " + simulator, "Give one of " + List.of(EngineKind.values()) + ".");
    }

    /** What came out is kept, also where a property ends the run. */
    private void write(Simulator sim, StimulusFile rows) throws IOException {
        if (out == null) {
            PrintWriter printer = spec.commandLine().getOut();
            try {
                run(sim, rows, printer);
            } finally {
                printer.flush();
            }
            return;
        }
        Path result = out;
        Path part = result.resolveSibling(result.getFileName() + ".part");
        boolean whole = false;
        try {
            try (var printer = new PrintWriter(Files.newBufferedWriter(part))) {
                run(sim, rows, printer);
                whole = !printer.checkError();
            } catch (UserException e) {
                whole = e.kind() == UserException.Kind.MISMATCH;
                throw e;
            }
        } finally {
            if (whole) {
                publish(part, result);
            } else {
                Files.deleteIfExists(part);
            }
        }
        if (!whole) {
            throw UserException.badInput(result + ": the outputs cannot be written", "Is the disk full?");
        }
    }

    private static void publish(Path part, Path result) throws IOException {
        try {
            Files.move(part, result, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, result, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void run(Simulator sim, StimulusFile rows, PrintWriter to) {
        List<Port> outputs = sim.ports().stream()
                .filter(port -> port.direction() == Direction.OUT)
                .toList();
        var seen = new ArrayList<Port>(outputs);
        seen.addAll(rows.inputs());
        var toggles = new ToggleCoverage(seen);
        Batch batch = sim.batchOfPorts(rows.inputs(), seen, BLOCK);
        var response = new ResponseFile(to, outputs, rows.isJson());
        int[] lines = new int[BLOCK];
        long total = 0;
        try {
            while (true) {
                int count = fill(batch, rows, lines);
                if (count == 0) {
                    break;
                }
                long start = sim.cycle();
                try {
                    batch.run(count);
                } finally {
                    int done = (int) (sim.cycle() - start);
                    total += done;
                    keep(batch, outputs, response, toggles, done);
                }
            }
            report(sim, toggles, total);
        } catch (StopException e) {
            report(sim, toggles, total);
            spec.commandLine().getErr().println("lutra: " + e.getMessage());
        } catch (SimulationException e) {
            report(sim, toggles, total);
            int line = lines[(int) Math.max(0, (total - 1) % BLOCK)];
            throw new UserException(
                    e instanceof RequireException ? UserException.Kind.MISMATCH : UserException.Kind.DEVICE,
                    stimulus + ":" + line + ": " + e.getMessage(),
                    null,
                    e);
        }
    }

    private static int fill(Batch batch, StimulusFile rows, int[] lines) {
        LongBuffer to = batch.stimulus();
        int at = 0;
        for (int count = 0; count < BLOCK; count++) {
            Optional<BigInteger[]> row = rows.next();
            if (row.isEmpty()) {
                return count;
            }
            lines[count] = rows.line();
            for (int i = 0; i < row.get().length; i++) {
                for (int k = 0; k < words(rows.inputs().get(i)); k++) {
                    to.put(at++, row.get()[i].shiftRight(64 * k).longValue());
                }
            }
        }
        return BLOCK;
    }

    private static void keep(
            Batch batch, List<Port> outputs, ResponseFile response, ToggleCoverage toggles, int count) {
        LongBuffer from = batch.response();
        String[] values = new String[outputs.size()];
        for (int row = 0; row < count; row++) {
            int at = row * batch.responseWords();
            toggles.look(from, at);
            for (int i = 0; i < values.length; i++) {
                Port port = outputs.get(i);
                BigInteger value = BigInteger.ZERO;
                for (int k = words(port) - 1; k >= 0; k--) {
                    value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(from.get(at + k))));
                }
                at += words(port);
                values[i] = batch.isUnknown(row, i)
                        ? "x"
                        : PortText.format(port, port.type().wrap(value));
            }
            response.row(values);
        }
    }

    private static int words(Port port) {
        return (port.type().width() + 63) / 64;
    }

    private void report(Simulator sim, ToggleCoverage toggles, long cycles) {
        PrintWriter err = spec.commandLine().getErr();
        var points = sim.covered();
        if (!points.isEmpty()) {
            err.print(CoverReport.table(points));
        }
        if (coverage) {
            err.print(toggles.table());
        }
        err.println("lutra: " + cycles + " cycles after reset on " + simulator);
        err.flush();
    }
}
