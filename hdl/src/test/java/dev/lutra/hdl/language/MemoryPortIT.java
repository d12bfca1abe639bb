// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools say to memories with ports, and what Yosys makes of them. */
class MemoryPortIT {
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");

    @TempDir
    private Path directory;

    @BeforeEach
    void tools() {
        for (String tool : List.of("verilator", "iverilog", "yosys")) {
            assumeTrue(Tool.present(tool), "skipped: no " + tool + " on the path");
        }
    }

    private void write(ReadDuringWrite rule, int depth, int maskBits, boolean twoClocks, boolean exclusive)
            throws IOException {
        var params = new DualPort.Params(rule, depth, maskBits, twoClocks, exclusive);
        VerilogWriter.writeTo(Circuit.of(() -> new DualPort(params)).circuit(), directory);
    }

    /** Half of the combinations are enough to let all pairs of options meet; deep runs take all. */
    @Test
    void noToolSaysAWord() throws IOException {
        for (var rule : ReadDuringWrite.values()) {
            for (int i : DEEP ? new int[] {0, 1, 2, 3, 4, 5, 6, 7} : new int[] {0, 3, 5, 6}) {
                write(rule, (i & 1) == 0 ? 1000 : 1024, i & 2, (i & 4) != 0, (i & 3) == 3);
                String name = rule + " " + i;
                assertThat(output("verilator", "--lint-only", "-Wall", "DualPort.v"))
                        .as(name)
                        .isEmpty();
                assertThat(output("iverilog", "-g2005", "-Wall", "-o", "sim", "DualPort.v"))
                        .as(name)
                        .isEmpty();
                assertThat(output(
                                "yosys",
                                "-q",
                                "-p",
                                "read_verilog DualPort.v; hierarchy -check -top DualPort; proc; check -assert"))
                        .as(name)
                        .isEmpty();
            }
        }
    }

    /** One block RAM whose ports follow the rule, on devices that have true dual-port memories; in normal runs one number of clocks on each. */
    @Test
    void twoPortsAreOneBlockRam() throws IOException {
        String[] xilinx = {"READ_FIRST", "WRITE_FIRST", "NO_CHANGE"};
        String[] ecp5 = {"READBEFOREWRITE", "WRITETHROUGH", "NORMAL"};
        for (var rule : ReadDuringWrite.values()) {
            for (boolean twoClocks : new boolean[] {false, true}) {
                write(rule, 1024, 0, twoClocks, !twoClocks);
                if (DEEP || twoClocks) {
                    mapped("synth_xilinx", "RAMB18E1", "WRITE_MODE_", xilinx[rule.ordinal()]);
                }
                if (DEEP || !twoClocks) {
                    mapped("synth_ecp5", "DP16KD", "WRITEMODE_", ecp5[rule.ordinal()]);
                }
            }
        }
    }

    /** One clocked read and one write; by one clock the old word that a read of the word being written gives costs logic. */
    static final class SimpleDualPort extends Module {
        final Clock other = in(clock());
        final Bool write = in(bool());
        final UInt address = in(uint(8));
        final UInt data = in(uint(16));
        final UInt readAddress = in(uint(8));
        final UInt word = out(uint(16));

        SimpleDualPort(boolean twoClocks) {
            var words = memory(uint(16), 256).exclusive();
            when(write, () -> words.write(address, data));
            word.set(twoClocks ? domain(other).make(() -> words.read(readAddress)) : words.read(readAddress));
        }
    }

    @Test
    void aReadAndAWriteAreOneBlockRam() throws IOException {
        for (boolean twoClocks : new boolean[] {false, true}) {
            VerilogWriter.writeTo(
                    Circuit.of(() -> new SimpleDualPort(twoClocks)).circuit(), directory);
            assertThat(
                            output(
                                    "yosys",
                                    "-q",
                                    "-p",
                                    "read_verilog -DSYNTHESIS SimpleDualPort.v; synth_ice40 -top SimpleDualPort;"
                                            + " select -assert-count 1 t:SB_RAM40_4K; select -assert-max 1 t:SB_LUT4; select -assert-none t:SB_DFF*"))
                    .isEmpty();
        }
    }

    private void mapped(String script, String cell, String parameter, String mode) throws IOException {
        String said = output(
                "yosys",
                "-q",
                "-p",
                "read_verilog -DSYNTHESIS DualPort.v; " + script + " -top DualPort; select -assert-count 1 t:" + cell
                        + "; dump -o map.txt t:" + cell);
        assertThat(said).doesNotContain("ERROR");
        assertThat(Files.readString(directory.resolve("map.txt")))
                .contains("parameter \\" + parameter + "A \"" + mode + "\"")
                .contains("parameter \\" + parameter + "B \"" + mode + "\"");
    }

    private String output(String... command) {
        return Tool.run(directory, List.of(command)).output();
    }
}
