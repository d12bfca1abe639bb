// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other tools say of the generated Verilog: nothing. */
final class GeneratedVerilogIT {

    @TempDir
    private Path directory;

    private String top = "";

    private void write(boolean small) throws IOException {
        GeneratedDesign design = GeneratedDesign.of(small ? Machine.smallest() : Machine.standard());
        for (VerilogFile file : design.verilog()) {
            Files.writeString(directory.resolve(file.name()), file.text());
        }
        top = design.elaboration().circuit().top().name();
        Files.writeString(
                directory.resolve(top + ".f"),
                design.verilog().stream().map(VerilogFile::name).collect(Collectors.joining("\n", "", "\n")));
    }

    private void saysNothing(String... command) throws IOException, InterruptedException {
        assertThat(output(command)).isEmpty();
    }

    private String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verilatorHasNoWarning(boolean small) throws IOException, InterruptedException {
        Tools.assumePresent("verilator");
        write(small);
        saysNothing("verilator", "--lint-only", "-Wall", "-f", top + ".f", "--top-module", top);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void icarusHasNoWarning(boolean small) throws IOException, InterruptedException {
        Tools.assumePresent("iverilog");
        write(small);
        saysNothing("iverilog", "-g2005", "-Wall", "-o", "out", "-s", top, "-c", top + ".f");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void yosysHasNoWarning(boolean small) throws IOException, InterruptedException {
        Tools.assumePresent("yosys");
        write(small);
        String reads = Files.readString(directory.resolve(top + ".f"))
                .lines()
                .map(file -> "read_verilog " + file)
                .collect(Collectors.joining("; "));
        saysNothing("yosys", "-q", "-p", reads + "; hierarchy -check -top " + top + "; proc; check -assert");
    }
}
