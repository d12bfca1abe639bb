// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verilator has no warning for the vector unit; of one lane, and of several. */
class VectorVerilogIT {

    @TempDir
    Path directory;

    @Test
    void passesLint() throws IOException {
        Tool.require("verilator");
        for (int lanes : new int[] {1, 4}) {
            var folder = Files.createDirectory(directory.resolve("lanes" + lanes));
            var unit =
                    Circuit.of(() -> new VectorUnit(new VectorShape(lanes, 64))).circuit();
            var lint = new ArrayList<>(List.of(
                    "verilator",
                    "--lint-only",
                    "-Wall",
                    "--top-module",
                    unit.top().name()));
            lint.addAll(Files.readAllLines(VerilogWriter.writeTo(unit, folder)));
            assertThat(Tool.run(folder, lint)).isEmpty();
        }
    }
}
