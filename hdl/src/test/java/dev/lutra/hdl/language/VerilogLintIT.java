// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.random.RandomCircuit;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three tools take the written Verilog without a word. */
class VerilogLintIT {
    @TempDir
    private Path directory;

    private List<String> files;

    @BeforeEach
    void write() throws IOException {
        var circuit = Circuit.of(() -> new SystolicArray(new SystolicArray.Params(4, 8, 32)))
                .circuit();
        files = Files.readAllLines(VerilogWriter.writeTo(circuit, directory));
    }

    private String output(String program, String... arguments) {
        assumeTrue(Tool.present(program), "skipped: no " + program + " on the path");
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return Tool.run(directory, command).output();
    }

    @Test
    void verilator() {
        assertThat(output(
                        "verilator", "--lint-only", "-Wall", "--top-module", "SystolicArray", "-f", "SystolicArray.f"))
                .isEmpty();
    }

    @Test
    void icarus() {
        assertThat(output("iverilog", "-g2005", "-Wall", "-s", "SystolicArray", "-o", "sim", "-f", "SystolicArray.f"))
                .isEmpty();
    }

    @Test
    void yosys() {
        String script = "read_verilog " + String.join(" ", files)
                + "; hierarchy -check -top SystolicArray; proc; check -assert";
        assertThat(output("yosys", "-q", "-p", script)).isEmpty();
    }

    /** Their constants compare with constants, which Verilator says; nothing else may come. */
    @Test
    void randomCircuits() throws IOException {
        assumeTrue(Tool.present("verilator"), "skipped: no verilator on the path");
        for (long seed = 1; seed <= 20; seed++) {
            Path place = directory.resolve("seed" + seed);
            var circuit = RandomCircuit.of(seed, 3);
            VerilogWriter.writeTo(circuit, place);
            String top = circuit.top().name();
            var command = List.of(
                    "verilator",
                    "--lint-only",
                    "-Wall",
                    "-Wno-CMPCONST",
                    "-Wno-UNSIGNED",
                    "--top-module",
                    top,
                    "-f",
                    top + ".f");
            assertThat(Tool.run(place, command).output()).as("seed " + seed).isEmpty();
        }
    }
}
