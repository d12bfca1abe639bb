// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.pe.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Chains after synthesis by Yosys, with the models of DSP blocks that Yosys has, not ours: results in Icarus against plain Java, blocks and
 * cascade connections counted in the netlist.
 */
class DspNetlistIT {
    private static final Path CELLS = Path.of("/usr/share/yosys");

    @TempDir
    Path directory;

    @Test
    void mac16AfterSynthesis() throws IOException {
        netlist(
                new DspChain.Params(DspForm.SB_MAC16, 8, 2, 6),
                "synth_ice40",
                "ice40/cells_sim.v",
                "-DNO_ICE40_DEFAULT_ASSIGNMENTS");
    }

    @Test
    void dsp48e1AfterSynthesis() throws IOException {
        netlist(new DspChain.Params(DspForm.DSP48E1, 8, 4, 12), "synth_xilinx -family xc7", "xilinx/cells_sim.v");
    }

    @Test
    void dsp48e1WithFourProductsAfterSynthesis() throws IOException {
        netlist(new DspChain.Params(DspForm.DSP48E1, 4, 2, 10), "synth_xilinx -family xc7", "xilinx/cells_sim.v");
    }

    /** Yosys has no model of a DSP48E2, so its netlist is counted, not run. */
    @Test
    void cascadesOfDsp48e2() throws IOException {
        String netlist = synthesise(new DspChain.Params(DspForm.DSP48E2, 8, 4, 12), "synth_xilinx -family xcup");
        assertThat(cascades(netlist, 12)).isEqualTo(11);
    }

    /** The rival from the same generator: a multiplier per product, of which Yosys makes DSP blocks. */
    @Test
    void onePerProduct() throws IOException {
        String netlist = synthesise(new DspChain.Params(DspForm.PORTABLE, 8, 4, 12), "synth_xilinx -family xcup");
        assertThat(Pattern.compile("(?m)^ *DSP48E2 ").matcher(netlist).results())
                .as("two products a place")
                .hasSize(24);
        long cascades = ports(netlist, "PCIN").stream()
                .filter(port -> !port.matches("48'.*"))
                .count();
        System.out.println("cascade connections that Yosys made of inferred adders: " + cascades);
    }

    private void netlist(DspChain.Params p, String synthesis, String cells, String... defines) throws IOException {
        Tool.require("iverilog");
        assumeTrue(Files.isReadable(CELLS.resolve(cells)), "skipped: no " + CELLS.resolve(cells));
        String netlist = synthesise(p, synthesis);
        if (p.form() == DspForm.DSP48E1) {
            assertThat(cascades(netlist, p.length())).isEqualTo(p.length() - 1);
        } else {
            assertThat(Pattern.compile("(?m)^ *SB_MAC16 ").matcher(netlist).results())
                    .hasSize(p.length());
        }
        Files.writeString(directory.resolve("bench.v"), bench(p, new Random(p.length())));
        var compile = new ArrayList<>(List.of("iverilog", "-g2012", "-o", "bench", "-s", "bench"));
        compile.addAll(List.of(defines));
        compile.addAll(List.of("bench.v", "netlist.v", CELLS.resolve(cells).toString()));
        Tool.run(directory, compile);
        assertThat(Tool.run(directory, List.of("vvp", "-n", "bench"))).contains("done, 0 differ");
    }

    private String synthesise(DspChain.Params p, String synthesis) throws IOException {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "synthesis of chains: runs with -Dlutra.deep=true");
        Tool.require("yosys");
        var files = Files.readAllLines(
                VerilogWriter.writeTo(Circuit.of(() -> new DspChain(p)).circuit(), directory));
        String report = Tool.run(
                directory,
                List.of(
                        "nice",
                        "yosys",
                        "-p",
                        "read_verilog " + String.join(" ", files) + "; " + synthesis
                                + " -flatten -top DspChain; stat; write_verilog -noattr -noexpr netlist.v"));
        String counts = Pattern.compile("(?m)^ {5}(\\w+ +\\d+)$")
                .matcher(report.substring(report.lastIndexOf("=== DspChain")))
                .results()
                .map(match -> match.group(1).replaceAll(" +", " "))
                .collect(Collectors.joining(", "));
        System.out.println(p + ": " + counts);
        return Files.readString(directory.resolve("netlist.v"));
    }

    /** DSP48s whose PCIN are the 48 bits of another one's PCOUT. */
    private static long cascades(String netlist, int blocks) {
        var outs = ports(netlist, "PCOUT");
        assertThat(outs).hasSize(blocks);
        return ports(netlist, "PCIN").stream().filter(outs::contains).distinct().count();
    }

    private static List<String> ports(String netlist, String port) {
        return Pattern.compile("\\." + port + "\\(([^)]*)\\)")
                .matcher(netlist)
                .results()
                .map(match -> match.group(1).strip())
                .toList();
    }

    /** A bench that plays slots, one in each cycle, and compares lanes with sums computed here. */
    private static String bench(DspChain.Params p, Random random) {
        var packing = p.packing();
        var text = new StringBuilder("module bench;\n  reg clk = 0, rst = 1, valid = 0;\n  integer differ = 0;\n");
        int operands = p.length() * p.operandBits();
        int indexBits = p.length() * Integer.numberOfTrailingZeros(p.block());
        text.append("  reg matrixVector = 0;\n  reg [2:0] logN = 0, logM = 0;\n  reg [%d:0] indices = 0;\n"
                .formatted(indexBits - 1));
        var ports = new ArrayList<>(List.of(
                ".clk(clk)",
                ".rst(rst)",
                ".valid(valid)",
                ".matrixVector(matrixVector)",
                ".logN(logN)",
                ".logM(logM)",
                ".indices(indices)"));
        for (int i = 0; i < packing.xs(); i++) {
            text.append("  reg [%d:0] a%d = 0;\n".formatted(operands - 1, i));
            ports.add(".activations_%d(a%d)".formatted(i, i));
        }
        for (int i = 0; i < p.weightRows(); i++) {
            text.append("  reg [%d:0] w%d = 0;\n".formatted(operands - 1, i));
            ports.add(".weights_%d(w%d)".formatted(i, i));
        }
        for (int lane = 0; lane < p.block(); lane++) {
            text.append("  wire v%d;\n".formatted(lane));
            ports.add(".valids_%d(v%d)".formatted(lane, lane));
            for (int f = 0; f < packing.products(); f++) {
                text.append("  wire [%d:0] r%d_%d;\n".formatted(p.resultBits() - 1, lane, f));
                ports.add(".results_%d_%d(r%d_%d)".formatted(lane, f, lane, f));
            }
        }
        text.append("  DspChain chain(%s);\n".formatted(String.join(", ", ports)));
        text.append(
                "  task tick; begin #5 clk = 1; #5 clk = 0; #1; end endtask\n  initial begin\n    tick; tick; rst = 0;\n");
        var ratios = ChainSlot.ratios(p.block());
        var slots = new ArrayList<ChainSlot>();
        int count = 60;
        for (int t = 0; t < count + p.latency(p.block() - 1); t++) {
            var slot = ChainSlot.random(random, p, ratios.get(t % ratios.size()), t);
            slots.add(slot);
            text.append("    valid = %d; %s tick;\n".formatted(t < count ? 1 : 0, slot.verilog()));
            for (int lane = 0; lane < p.block(); lane++) {
                int from = t + 1 - p.latency(lane);
                boolean ends =
                        from >= 0 && from < count && p.ends(slots.get(from).ratio(), lane);
                text.append("    if (v%d !== 1'b%d) differ = differ + 1;\n".formatted(lane, ends ? 1 : 0));
                if (ends) {
                    long[] expected = slots.get(from).expected(lane);
                    for (int f = 0; f < expected.length; f++) {
                        text.append("    if ($signed(r%d_%d) !== %d) differ = differ + 1;\n"
                                .formatted(lane, f, expected[f]));
                    }
                }
            }
        }
        return text.append("    $display(\"done, %0d differ\", differ);\n    $finish;\n  end\nendmodule\n")
                .toString();
    }
}
