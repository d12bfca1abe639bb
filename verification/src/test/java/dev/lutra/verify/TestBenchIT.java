// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.machine.Machine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test bench that comes with an accelerator, in Icarus. */
final class TestBenchIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        boolean icarus = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "iverilog")));
        assumeTrue(icarus, "iverilog is not installed");
        GeneratedDesign design = GeneratedDesign.of(Machine.standard());
        for (VerilogFile file : design.verilog()) {
            Files.writeString(directory.resolve(file.name()), file.text());
        }
        Files.writeString(
                directory.resolve("Accelerator.f"),
                design.verilog().stream().map(VerilogFile::name).collect(Collectors.joining("\n", "", "\n")));
        TestBench.of(Machine.standard()).writeTo(directory);
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

    private Ended simulate() throws IOException, InterruptedException {
        Ended compiled = run("iverilog", "-g2005", "-Wall", "-o", "tb", "-c", "Accelerator.f", "Accelerator_tb.v");
        assertThat(compiled).isEqualTo(new Ended(0, ""));
        return run("vvp", "-N", "tb");
    }

    @Test
    void passes() throws IOException, InterruptedException {
        Ended ended = simulate();
        assertThat(ended.output()).startsWith("PASS");
        assertThat(ended.status()).isZero();
    }

    @Test
    void failsOnAWrongResult() throws IOException, InterruptedException {
        Path expected = directory.resolve("expected.hex");
        String text = Files.readString(expected);
        Files.writeString(expected, (text.charAt(0) == '0' ? '1' : '0') + text.substring(1));
        Ended ended = simulate();
        assertThat(ended.output()).contains("FAIL");
        assertThat(ended.status()).isNotZero();
    }
}
