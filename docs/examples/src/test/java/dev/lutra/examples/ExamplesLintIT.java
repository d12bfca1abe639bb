// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.examples.Examples.Example;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three tools take the Verilog of every example without a word. */
class ExamplesLintIT {
    @TempDir
    private Path directory;

    static List<Example> all() {
        return Examples.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void verilator(Example example) throws IOException {
        Tools.require("verilator");
        String top = write(example);
        saysNothing("verilator", "--lint-only", "-Wall", "--top-module", top, "-f", top + ".f");
    }

    @ParameterizedTest
    @MethodSource("all")
    void icarus(Example example) throws IOException {
        Tools.require("iverilog");
        String top = write(example);
        saysNothing("iverilog", "-g2005", "-Wall", "-s", top, "-o", "sim", "-f", top + ".f");
    }

    @ParameterizedTest
    @MethodSource("all")
    void yosys(Example example) throws IOException {
        Tools.require("yosys");
        String top = write(example);
        String files = String.join(" ", Files.readAllLines(directory.resolve(top + ".f")));
        String script = "read_verilog " + files + "; hierarchy -check -top " + top + "; proc; check -assert";
        saysNothing("yosys", "-q", "-p", script);
    }

    /** Writes an example; returns the name of its top. */
    private String write(Example example) throws IOException {
        var circuit = Circuit.of(example.top()).circuit();
        VerilogWriter.writeTo(circuit, directory);
        return circuit.top().name();
    }

    private void saysNothing(String... command) throws IOException {
        assertThat(Tools.run(directory, List.of(command))).isEmpty();
    }
}
