// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.gen.accel.HostRegisters;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.DiagnosticsJson;
import dev.lutra.hdl.lib.registers.CHeader;
import dev.lutra.hdl.lib.registers.MarkdownPage;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.hdl.pass.Crossings;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.hdl.stats.StatisticsTable;
import dev.lutra.hdl.timing.ClockConstraints;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.Bus;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.verify.TestBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "gen",
        description = "Writes the Verilog of an accelerator, or of a bare engine.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra gen --out build/rtl",
            "  ./lutra gen --out build/rtl --columns 32 --bus 256 --testbench",
            "  ./lutra gen engine --out build/core --rows 2 --columns 64 --tables 1",
            "  ./lutra gen --out build/rtl --engine plane-mac --classpath my-core/target/my-core-1.0.jar",
            "",
            "Written: one .v per module, a file list .f, the clocks as .sdc and .xdc, and for an accelerator machine.json",
            "and its host registers as a C header and a Markdown page. With --testbench also a self-checking test bench, with models of a vendor's",
            "blocks if there are any; the command that runs it in Icarus Verilog is printed."
        })
final class GenCommand implements Runnable {

    private static final double MOST_NANOSECONDS = 1e6;

    enum Kind {
        accelerator,
        engine
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "KIND",
            defaultValue = "accelerator",
            description = "accelerator (the default) or engine (the matrix engine alone).")
    private Kind kind = Kind.accelerator;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write to; made if it is not there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Mixin
    private final MachineOptions options = new MachineOptions();

    @Mixin
    private final ClasspathOption classpath = new ClasspathOption();

    @Option(names = "--testbench", description = "Also write a self-checking test bench with its memory images.")
    private boolean testbench;

    @Option(
            names = "--period",
            paramLabel = "NS",
            description = "Clock period for the timing constraints; 10, or 83.333 for memory on the chip.")
    private @Nullable Double period;

    @Option(
            names = "--stats",
            description = "Also print registers, memories, operators and what the design takes of an FPGA, about"
                    + " (docs/hdl/statistics.md).")
    private boolean stats;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--diagnostics",
            paramLabel = "FILE",
            description = "Also write what is found about the hardware to a JSON file, accepted or not.")
    private @Nullable Path diagnostics;

    private @Nullable Statistics statistics;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        classpath.open();
        Machine machine = options.machine();
        try {
            Files.createDirectories(out);
            print(generate(machine));
        } catch (IOException failure) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "cannot write to " + out + ": " + IoReason.of(failure),
                    "Choose a folder that can be written, on a disk with room.",
                    failure);
        }
    }

    private Map<String, @Nullable Object> generate(Machine machine) throws IOException {
        try {
            return kind == Kind.engine ? engine(machine) : accelerator(machine);
        } catch (HdlException rejected) {
            writeDiagnostics(rejected.diagnostics());
            throw rejected;
        }
    }

    private void writeDiagnostics(List<Diagnostic> found) throws IOException {
        if (diagnostics != null) {
            Files.writeString(diagnostics, DiagnosticsJson.of(found));
        }
    }

    private Map<String, @Nullable Object> accelerator(Machine machine) throws IOException {
        if (testbench && machine.bus().kind() != Bus.Kind.AXI4) {
            throw UserException.badInput(
                    "--testbench drives AXI4, and this machine has its memory on the chip", "Leave --testbench out.");
        }
        GeneratedDesign design = GeneratedDesign.of(machine);
        writeDiagnostics(design.elaboration().warnings());
        Map<String, @Nullable Object> facts =
                write(design.elaboration().circuit(), design.verilog(), period(machine.bus()));
        facts.put("machine", write("machine.json", design.machineFile().toJson()));
        RegisterMap registers = HostRegisters.of(machine);
        facts.put("c_header", write(CHeader.fileName(registers), CHeader.of(registers)));
        facts.put("register_page", write(MarkdownPage.fileName(registers), MarkdownPage.of(registers)));
        facts.put("fingerprint", design.machineFile().fingerprint());
        facts.put("build_id", design.machineFile().buildId());
        if (testbench) {
            facts.put(
                    "testbench_command",
                    TestBench.of(machine).writeTo(out, design.elaboration().circuit()));
        }
        return facts;
    }

    private Map<String, @Nullable Object> engine(Machine machine) throws IOException {
        if (testbench) {
            throw UserException.badInput("--testbench is for accelerators", "Leave it out, or the word engine.");
        }
        var core = Circuit.of(() -> MatrixEngines.core(machine.engine()));
        writeDiagnostics(core.warnings());
        return write(core.circuit(), VerilogWriter.write(core.circuit()), period(machine.bus()));
    }

    private double period(Bus bus) {
        double usual = bus.kind() == Bus.Kind.LOCAL ? 1000.0 / 12 : 10;
        double given = period == null ? usual : period;
        if (!(given > 0) || given > MOST_NANOSECONDS) {
            throw UserException.badInput(
                    "--period is " + given, "Give nanoseconds, more than 0 and at most " + MOST_NANOSECONDS + ".");
        }
        return given;
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(out.resolve(name), text).toString();
    }

    private Map<String, @Nullable Object> write(
            dev.lutra.hdl.ir.Circuit circuit, List<VerilogFile> files, double period) throws IOException {
        StringBuilder list = new StringBuilder();
        long lines = 0;
        for (VerilogFile file : files) {
            write(file.name(), file.text());
            list.append(file.name()).append('\n');
            lines += file.text().lines().count();
        }
        String top = circuit.top().name();
        Map<String, Double> periods = new LinkedHashMap<>();
        Crossings.clocks(circuit).forEach(clock -> periods.put(clock, period));
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("top", top);
        facts.put("file_list", write(top + ".f", list.toString()));
        facts.put("files", files.size());
        facts.put("lines", lines);
        facts.put("sdc", write(top + ".sdc", ClockConstraints.sdc(circuit, periods)));
        facts.put("xdc", write(top + ".xdc", ClockConstraints.xdc(circuit, periods)));
        statistics = stats ? Statistics.of(circuit) : null;
        return facts;
    }

    private void print(Map<String, @Nullable Object> facts) {
        PrintWriter printer = spec.commandLine().getOut();
        Statistics counted = statistics;
        if (json) {
            if (counted != null) {
                facts.put("statistics", StatisticsJson.of(counted));
            }
            printer.println(JsonMapper.shared().writeValueAsString(facts));
        } else {
            facts.forEach((name, value) -> printer.println("%-18s  %s".formatted(name.replace('_', ' '), value)));
            if (counted != null) {
                printer.println();
                printer.print(StatisticsTable.of(counted));
            }
        }
        printer.flush();
    }
}
