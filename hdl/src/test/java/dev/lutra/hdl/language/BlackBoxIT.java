// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools say to black boxes. */
class BlackBoxIT {
    @TempDir
    private Path directory;

    @BeforeEach
    void tools() {
        for (String tool : List.of("verilator", "iverilog", "yosys")) {
            assumeTrue(Tool.present(tool), "skipped: no " + tool + " on the path");
        }
    }

    @Test
    void noToolSaysAWord() throws IOException {
        var list = VerilogWriter.writeTo(Circuit.of(PllDesign::new).circuit(), directory);
        assertThat(output("verilator", "--lint-only", "-Wall", "--top-module", "PllDesign", "-f", "PllDesign.f"))
                .isEmpty();
        assertThat(output("iverilog", "-g2005", "-Wall", "-s", "PllDesign", "-o", "sim", "-f", "PllDesign.f"))
                .isEmpty();
        assertThat(output(
                        "yosys",
                        "-q",
                        "-p",
                        "read_verilog " + String.join(" ", Files.readAllLines(list))
                                + "; hierarchy -check -top PllDesign; proc; check -assert"))
                .isEmpty();
    }

    /** A row of DSP blocks whose sums go from one to the next. */
    static final class Row extends Module {
        final SInt x = in(sint(18));
        final SInt y = out(sint(48));

        Row() {
            SInt before = slit(0, 48);
            for (int i = 0; i < 4; i++) {
                var dsp = new Dsp48(i == 0);
                dsp.A.set(x.extend(30));
                dsp.B.set(slit(3 + i, 18));
                dsp.PCIN.set(before);
                before = i == 3 ? dsp.P : dsp.PCOUT;
            }
            y.set(before);
        }
    }

    static final class Dsp48 extends BlackBox {
        final SInt A = in(sint(30));
        final SInt B = in(sint(18));
        final SInt PCIN = in(sint(48));
        final SInt P = out(sint(48));
        final SInt PCOUT = out(sint(48));

        Dsp48(boolean first) {
            super("DSP48E1");
            parameter("USE_DPORT", "FALSE");
            parameter("A_INPUT", "DIRECT");
            parameter("AREG", 1);
            parameter("PREG", 1);
            clockPort("CLK");
            var product = reg(sint(43));
            product.set(A.truncate(25).mul(B));
            var sum = reg(sint(48));
            sum.set(first ? product.extend(48) : PCIN.wrapAdd(product));
            P.set(sum);
            PCOUT.set(sum);
        }
    }

    @Test
    void yosysKnowsThePrimitive() throws IOException {
        VerilogWriter.writeTo(Circuit.of(Row::new).circuit(), directory);
        assertThat(output(
                        "yosys",
                        "-q",
                        "-p",
                        "read_verilog -lib +/xilinx/cells_sim.v; read_verilog Row.v; hierarchy -check -top Row; proc;"
                                + " select -assert-count 4 t:DSP48E1"))
                .isEmpty();
        // A port or parameter that the primitive does not have is found.
        String text = Files.readString(directory.resolve("Row.v"));
        Files.writeString(directory.resolve("Row.v"), text.replace(".PCIN ", ".PCINN"));
        assertThat(output(
                        "yosys",
                        "-q",
                        "-p",
                        "read_verilog -lib +/xilinx/cells_sim.v; read_verilog Row.v; hierarchy -check -top Row"))
                .contains("PCINN");
    }

    private String output(String... command) {
        return Tool.run(directory, List.of(command)).output();
    }
}
