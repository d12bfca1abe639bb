// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other tools say of every engine, group scales included: no warning, and no multiplier. */
class EngineVerilogIT {

    @TempDir
    Path directory;

    /** All but the chains of DSP blocks, which multiply; their netlists have tests of their own. */
    static List<Engine> engines() {
        var usual = new Engine(Engine.LUT_INT, 1, 4, 4, 4, 8, true, 32, 48);
        var engines = new ArrayList<Engine>();
        MatrixEngines.all().stream()
                .filter(engine -> engine.packing() != WeightPacking.CHAINS)
                .forEach(engine -> engines.add(engine.inPlaceOf(usual)));
        engines.add(new Engine(Engine.LUT_INT, 1, 4, 4, 1, 8, true, 32, 48, usual.packing(), 4, usual.activations()));
        return engines;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void hasNoMultiplier(Engine engine) throws IOException {
        Tool.require("verilator");
        Tool.require("yosys");
        var core = Circuit.of(() -> MatrixEngines.core(engine)).circuit();
        String top = core.top().name();
        var files = Files.readAllLines(VerilogWriter.writeTo(core, directory));
        var lint = new ArrayList<>(List.of("verilator", "--lint-only", "-Wall", "--top-module", top));
        lint.addAll(files);
        assertThat(Tool.run(directory, lint)).isEmpty();
        // What Yosys would make a DSP block of is a $mul or a $macc before; the deep run looks at the cells of the
        // fabric.
        boolean deep = Boolean.getBoolean("lutra.deep");
        String script = "read_verilog " + String.join(" ", files) + "; hierarchy -check -top " + top
                + "; proc; check -assert; flatten; opt; wreduce; opt; select -assert-none t:$mul t:$macc t:$div t:$mod; stat"
                + (deep ? "; synth_xilinx -family xcup -top " + top + "; select -assert-none t:DSP*" : "");
        String report = Tool.run(directory, List.of("yosys", "-p", script));
        assertThat(Pattern.compile("\\$add +[1-9]").matcher(report).find())
                .as("what was counted has adders")
                .isTrue();
    }
}
