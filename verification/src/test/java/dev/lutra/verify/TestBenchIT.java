// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.pe.MatrixEngines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test bench that comes with an accelerator, in Icarus. */
final class TestBenchIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void icarus() {
        boolean icarus = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "iverilog")));
        assumeTrue(icarus, "iverilog is not installed");
    }

    /** Writes an accelerator with its test bench as {@code lutra gen --testbench} does, and returns the command that it prints. */
    private String write(Machine machine) throws IOException {
        GeneratedDesign design = GeneratedDesign.of(machine);
        for (VerilogFile file : design.verilog()) {
            Files.writeString(directory.resolve(file.name()), file.text());
        }
        Files.writeString(
                directory.resolve("Accelerator.f"),
                design.verilog().stream().map(VerilogFile::name).collect(Collectors.joining("\n", "", "\n")));
        return TestBench.of(machine).writeTo(directory, design.elaboration().circuit());
    }

    private record Ended(int status, String output) {}

    private Ended run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        return new Ended(process.waitFor(), output);
    }

    /** A small one with four of a vendor's blocks. */
    private static Machine machine(String engine) {
        Machine s = Machine.standard();
        Engine e = MatrixEngines.named(engine).inPlaceOf(s.engine());
        return new Machine(
                new Engine(
                        e.kind(), 1, 8, 4, 1, 8, false, e.innerBits(), e.outerBits(), e.packing(), 8, e.activations()),
                new Bus(Bus.Kind.AXI4, 64, 32, 16, 4),
                s.buffers(),
                s.queueDepth(),
                true);
    }

    private Ended simulate(String command) throws IOException, InterruptedException {
        int run = command.indexOf(" && vvp");
        assertThat(run("sh", "-c", command.substring(0, run))).isEqualTo(new Ended(0, ""));
        return run("sh", "-c", command.substring(run + " && ".length()));
    }

    private void passes(Machine machine) throws IOException, InterruptedException {
        Ended ended = simulate(write(machine));
        assertThat(ended.output()).startsWith("PASS");
        assertThat(ended.status()).isZero();
    }

    @Test
    void passes() throws IOException, InterruptedException {
        passes(Machine.standard());
    }

    /** With models of the vendors' blocks. */
    @ParameterizedTest
    @ValueSource(strings = {"dsp", "dsp48e1", "dsp-mac16"})
    void passesOnDspBlocks(String engine) throws IOException, InterruptedException {
        assumeTrue(
                engine.equals("dsp") || Boolean.getBoolean("lutra.deep"), "another block: runs with -Dlutra.deep=true");
        passes(machine(engine));
    }

    @Test
    void failsOnAWrongResult() throws IOException, InterruptedException {
        String command = write(Machine.standard());
        Path expected = directory.resolve("expected.hex");
        String text = Files.readString(expected);
        Files.writeString(expected, (text.charAt(0) == '0' ? '1' : '0') + text.substring(1));
        Ended ended = simulate(command);
        assertThat(ended.output()).contains("FAIL");
        assertThat(ended.status()).isNotZero();
    }
}
