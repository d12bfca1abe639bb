// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other tools say of the emitted Verilog. */
class LutCoreVerilogIT {

    @TempDir
    Path directory;

    private String[] write(LutCore.Params p) throws IOException {
        var list = VerilogWriter.writeTo(Circuit.of(() -> new LutCore(p)).circuit(), directory);
        return Files.readAllLines(list).toArray(String[]::new);
    }

    private static List<String> command(String[] files, String... words) {
        var command = new ArrayList<>(Arrays.asList(words));
        command.addAll(Arrays.asList(files));
        return command;
    }

    static Stream<LutCore.Params> shapes() {
        return LutCoreTest.shapes();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void noToolWarns(LutCore.Params p) throws IOException {
        Tool.require("verilator");
        Tool.require("iverilog");
        Tool.require("yosys");
        var files = write(p);
        assertThat(Tool.run(directory, command(files, "verilator", "--lint-only", "-Wall", "--top-module", "LutCore")))
                .isEmpty();
        assertThat(Tool.run(directory, command(files, "iverilog", "-g2005", "-Wall", "-o", "core", "-s", "LutCore")))
                .isEmpty();
        var script = "read_verilog " + String.join(" ", files)
                + "; hierarchy -check -top LutCore; proc; check -assert; flatten; opt; select -assert-none t:$mul";
        assertThat(Tool.run(directory, List.of("yosys", "-q", "-p", script))).isEmpty();
    }

    /** The small machine has 4,500 logic cells of an UP5K for everything. */
    @Test
    void smallCoreLeavesRoomOnAnUp5k() throws IOException {
        Tool.require("yosys");
        var files = write(new LutCore.Params(1, 8, 4, 1, false, 24, 32));
        var script = "read_verilog " + String.join(" ", files) + "; synth_ice40 -top LutCore; stat";
        var counts = Pattern.compile("SB_LUT4 +(\\d+)")
                .matcher(Tool.run(directory, List.of("yosys", "-p", script)))
                .results()
                .map(match -> Integer.parseInt(match.group(1)))
                .toList();
        System.out.println("LUT4 cells of the small core: " + counts.get(counts.size() - 1));
        assertThat(counts.get(counts.size() - 1)).isLessThan(2000);
    }
}
