// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.pe.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three tools take the written Verilog without a word. */
class SystolicVerilogIT {
    @TempDir
    private Path directory;

    private List<String> files;

    @BeforeEach
    void write() throws IOException {
        var circuit = Circuit.of(() -> new SystolicArray(new SystolicArray.Params(4, 8, 32)))
                .circuit();
        files = Files.readAllLines(VerilogWriter.writeTo(circuit, directory));
    }

    private String output(String program, String... arguments) throws IOException {
        Tool.require(program);
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return Tool.run(directory, command);
    }

    @Test
    void verilator() throws IOException {
        assertThat(output(
                        "verilator", "--lint-only", "-Wall", "--top-module", "SystolicArray", "-f", "SystolicArray.f"))
                .isEmpty();
    }

    @Test
    void icarus() throws IOException {
        assertThat(output("iverilog", "-g2005", "-Wall", "-s", "SystolicArray", "-o", "sim", "-f", "SystolicArray.f"))
                .isEmpty();
    }

    @Test
    void yosys() throws IOException {
        String script = "read_verilog " + String.join(" ", files)
                + "; hierarchy -check -top SystolicArray; proc; check -assert";
        assertThat(output("yosys", "-q", "-p", script)).isEmpty();
    }
}
