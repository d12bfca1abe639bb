// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.sim.build.Command;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of projects without their tools: Yosys elaborates the whole top, and Tcl runs the scripts with commands that do nothing. */
final class VendorProjectIT {

    private static final String PATH = System.getenv("PATH");

    @TempDir
    private Path directory;

    private void write(String name) {
        Board board = Boards.named(name);
        VendorProject.of(board, VendorProjectTest.machine(board)).write(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"arty-a7", "kv260", "u280", "vhk158"})
    void scriptsAreTclAndReadFilesThatAreThere(String name) throws InterruptedException, URISyntaxException {
        assumeTrue(Command.locate("tclsh", PATH) != null, "tclsh is not installed");
        write(name);
        String script = name.equals("u280") ? "package_kernel.tcl" : "build.tcl";
        Path parse = Path.of(VendorProjectIT.class.getResource("parse.tcl").toURI());
        Command.Result result = Command.run(List.of("tclsh", parse.toString(), script), directory, PATH);
        assertThat(result.output()).endsWith("done\n").contains("file ").doesNotContain("command }");
        assertThat(result.exit()).isZero();
    }

    /** One project with each of the two tops: the others differ in scripts. */
    @ParameterizedTest
    @ValueSource(strings = {"arty-a7", "u280"})
    void yosysElaboratesTheWholeTop(String name) throws InterruptedException, IOException {
        assumeTrue(Command.locate("yosys", PATH) != null, "yosys is not installed");
        write(name);
        String top = name.equals("u280") ? "lutra" : "board";
        Command.Result result = Command.run(
                List.of(
                        "yosys",
                        "-q",
                        "-p",
                        "read_verilog *.v; hierarchy -check -top " + top + "; proc; check -assert"),
                directory,
                PATH);
        assertThat(result.output()).isEmpty();
        assertThat(result.exit()).isZero();
    }
}
