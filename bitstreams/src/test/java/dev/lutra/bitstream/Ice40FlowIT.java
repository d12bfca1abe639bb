// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest accelerator on the smallest FPGA. */
final class Ice40FlowIT {

    /** What the accelerator may take of the 5,280 logic cells of a UP5K. */
    private static final int LOGIC_CELLS = 4_500;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsTools() {
        for (String tool : List.of("yosys", "nextpnr-ice40")) {
            boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(found, tool + " is not installed");
        }
    }

    @Test
    void theSmallestAcceleratorFitsAndRoutes() throws IOException, InterruptedException {
        GeneratedDesign design = GeneratedDesign.of(Machine.smallest());
        List<Path> sources = new ArrayList<>();
        for (VerilogFile file : design.verilog()) {
            sources.add(Files.writeString(directory.resolve(file.name()), file.text()));
        }
        Ice40Report report = new Ice40Flow(directory)
                .run(design.elaboration().circuit().top().name(), sources);
        System.out.println("smallest accelerator on a UP5K: " + report);
        assertThat(report.logicCells().used()).isBetween(1, LOGIC_CELLS);
    }

    @Test
    void aDesignThatIsWrongIsToldWithTheFirstError() throws IOException {
        Path source =
                Files.writeString(directory.resolve("top.v"), "module top(output o);\n  assign o = ;\nendmodule\n");
        assertThatThrownBy(() -> new Ice40Flow(directory).run("top", List.of(source)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("yosys failed")
                .hasMessageContaining("top.v:2: ERROR: syntax error");
    }
}
