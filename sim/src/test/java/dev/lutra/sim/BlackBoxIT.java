// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Black boxes in Yosys, which knows the cells they stand for. */
class BlackBoxIT {
    private static final Path CELLS = Path.of("/usr/share/yosys/ice40/cells_sim.v");

    @Test
    void yosysTakesTheInstances(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(CELLS), "skipped: no " + CELLS);
        VerilogWriter.writeTo(Circuit.of(() -> new MacChain(3, "")).circuit(), directory);
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
