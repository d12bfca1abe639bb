// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerilatorBlackBoxIT extends BlackBoxCases {
    /** Yosys brings simulation models of the cells it maps to. */
    private static final Path CELLS = Path.of("/usr/share/yosys/ice40/cells_sim.v");

    @BeforeAll
    static void tools() {
        for (String tool : List.of("verilator", "g++")) {
            boolean found = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
            assumeTrue(found, "skipped: " + tool + " is not on the PATH");
        }
    }

    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.verilator(design, VerilatorOptions.defaults());
    }

    @Test
    void verilogIsRunInPlaceOfTheModel() {
        var design = Circuit.of(EmbeddedBlackBoxTest.VerilogOnly::new);
        try (var sim = open(design)) {
            assertThat(sim.peek(design.top().o)).isEqualTo(5);
        }
    }

    /** The model of the multiplier does what the cell of the device does. */
    @Test
    void theCellOfTheDeviceAddsUp() throws IOException {
        assumeTrue(Files.isReadable(CELLS), "skipped: no " + CELLS);
        String cells = Files.readString(CELLS);
        int start = cells.indexOf("module SB_MAC16 (");
        String cell = cells.substring(start, cells.indexOf("endmodule", start)) + "endmodule\n";
        addsUp(cell.replaceAll("(?s)`ifdef.*?`endif", "").replaceAll("(?s)specify.*?endspecify", ""));
    }

    @Test
    void yosysTakesTheInstances(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(CELLS), "skipped: no " + CELLS);
        VerilogWriter.writeTo(Circuit.of(() -> new MacChain(LENGTH, "")).circuit(), directory);
        assertThat(Files.readString(directory.resolve("MacChain.f"))).isEqualTo("MacChain.v\n");
        var log = directory.resolve("log").toFile();
        int status = new ProcessBuilder(
                        "yosys",
                        "-q",
                        "-p",
                        "read_verilog -lib +/ice40/cells_sim.v; read_verilog MacChain.v; hierarchy -check -top MacChain;"
                                + " select -assert-count 3 t:SB_MAC16; synth_ice40 -top MacChain;"
                                + " select -assert-count 3 t:SB_MAC16; select -assert-none t:SB_DFF*")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log.toPath())).isZero();
    }
}
