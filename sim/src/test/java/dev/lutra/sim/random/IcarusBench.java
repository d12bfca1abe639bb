// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.Port;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A test bench for circuits side by side in Icarus: stimulus from files, outputs printed in hexadecimal digits. */
final class IcarusBench {
    private static final int MINUTES = 5;

    private final Elaboration<SideBySide> design;
    private final List<Stimulus> stimuli;
    private final int cycles;

    IcarusBench(Elaboration<SideBySide> design, List<Stimulus> stimuli) {
        this.design = design;
        this.stimuli = stimuli;
        cycles = stimuli.stream().mapToInt(s -> s.rows().size()).max().orElseThrow();
    }

    List<Engines.Outcome> run(Path directory, String circuits) throws IOException {
        Files.writeString(directory.resolve("dut.v"), circuits);
        Files.writeString(directory.resolve("tb.v"), text());
        for (int i = 0; i < stimuli.size(); i++) {
            Files.writeString(directory.resolve("d" + i + ".hex"), rows(stimuli.get(i)));
        }
        Files.writeString(directory.resolve("edges.hex"), edges());
        String warnings = tool(directory, "iverilog", "-g2005", "-Wall", "-o", "sim", "-s", "tb", "dut.v", "tb.v");
        if (warnings.contains("dut.v")) {
            throw new IllegalStateException("iverilog warns: "
                    + warnings.lines()
                            .filter(l -> l.contains("dut.v"))
                            .findFirst()
                            .orElseThrow());
        }
        var outputs = new ArrayList<List<List<String>>>();
        var said = new ArrayList<List<String>>();
        for (int i = 0; i < stimuli.size(); i++) {
            outputs.add(new ArrayList<>());
            said.add(new ArrayList<>());
        }
        for (String line : tool(directory, "vvp", "-n", "sim").lines().toList()) {
            int space = line.indexOf(' ');
            if (line.startsWith("@")) {
                outputs.get(Integer.parseInt(line.substring(1, space)))
                        .add(List.of(line.substring(space + 1).split(" ")));
            } else if (line.startsWith("d")) {
                said.get(Integer.parseInt(line.substring(1, space))).add(line.substring(space + 1));
            }
        }
        var outcomes = new ArrayList<Engines.Outcome>();
        for (int i = 0; i < stimuli.size(); i++) {
            int own = stimuli.get(i).rows().size();
            if (outputs.get(i).size() < own) {
                throw new IllegalStateException(
                        "vvp ended after " + outputs.get(i).size() + " cycles");
            }
            outcomes.add(new Engines.Outcome(outputs.get(i).subList(0, own), said.get(i), null));
        }
        return outcomes;
    }

    private static String rows(Stimulus stimulus) {
        var text = new StringBuilder();
        for (List<BigInteger> row : stimulus.rows()) {
            BigInteger bits = BigInteger.ZERO;
            int width = 0;
            for (int i = 0; i < row.size(); i++) {
                int w = stimulus.shapes().get(i).width();
                bits = bits.shiftLeft(w).or(new Shape.B(w).wrap(row.get(i)));
                width += w;
            }
            text.append(Engines.digits(bits, width)).append('\n');
        }
        return text.toString();
    }

    /** The clocks that rise, one line per edge, with a bit above for the last edge of a cycle. */
    private String edges() {
        var text = new StringBuilder();
        for (int cycle = 0; cycle < cycles; cycle++) {
            List<Integer> edges = Timing.edges(cycle);
            for (int i = 0; i < edges.size(); i++) {
                int last = i == edges.size() - 1 ? 1 << Timing.CLOCKS.size() : 0;
                text.append(Integer.toHexString(edges.get(i) | last)).append('\n');
            }
        }
        return text.toString();
    }

    private String text() {
        var text = new StringBuilder("module tb;\n");
        int clocks = Timing.CLOCKS.size();
        text.append("  integer cycle, edge_number;\n  reg [%d:0] k;\n".formatted(clocks - 1));
        int edges = (int) edges().lines().count();
        text.append("  reg [%d:0] edges [0:%d];\n".formatted(clocks, edges - 1));
        var read = new StringBuilder("    $readmemh(\"edges.hex\", edges);\n");
        var start = new StringBuilder();
        var feed = new StringBuilder();
        var show = new StringBuilder();
        var pins = new ArrayList<String>();
        for (int i = 0; i < clocks; i++) {
            pins.add(".%s(k[%d])".formatted(design.port(design.top().k[i]).name(), i));
        }
        for (int i = 0; i < stimuli.size(); i++) {
            Stimulus stimulus = stimuli.get(i);
            var columns = new ArrayList<String>();
            List<Port> in = Engines.ports(design, design.top().inputs.get(i));
            for (Port port : in) {
                text.append("  reg [%d:0] %s;\n".formatted(port.type().width() - 1, port.name()));
                columns.add(port.name());
                pins.add(".%s(%s)".formatted(port.name(), port.name()));
                boolean low = port.type() instanceof dev.lutra.hdl.ir.Type.Reset reset
                        && reset.kind().activeLow();
                start.append("    %s = %s;\n".formatted(port.name(), low ? "1'b1" : "0"));
            }
            int width = in.stream().mapToInt(p -> p.type().width()).sum();
            int rows = stimulus.rows().size();
            text.append("  reg [%d:0] rows%d [0:%d];\n".formatted(width - 1, i, rows - 1));
            read.append("    $readmemh(\"d%d.hex\", rows%d);\n".formatted(i, i));
            feed.append("      if (cycle < %d) {%s} = rows%d[cycle];\n".formatted(rows, String.join(", ", columns), i));
            var format = new StringBuilder("@" + i);
            var values = new ArrayList<String>();
            for (Port port : Engines.ports(design, design.top().outputs.get(i))) {
                text.append("  wire [%d:0] %s;\n".formatted(port.type().width() - 1, port.name()));
                pins.add(".%s(%s)".formatted(port.name(), port.name()));
                format.append(" %h");
                values.add(port.name());
            }
            show.append("      $display(\"%s\", %s);\n".formatted(format, String.join(", ", values)));
        }
        text.append("  %s dut (%s);\n".formatted(design.circuit().top().name(), String.join(",\n    ", pins)));
        text.append("  initial begin\n    k = 0;\n").append(start).append(read);
        text.append("    edge_number = 0;\n    #10;\n");
        text.append("    for (cycle = 0; cycle < %d; cycle = cycle + 1) begin\n".formatted(cycles));
        text.append(feed).append("      #1;\n").append(show);
        text.append("      k = edges[edge_number][%d:0]; #1; k = 0; #1;\n".formatted(clocks - 1));
        text.append("      while (!edges[edge_number][%d]) begin\n        edge_number = edge_number + 1;\n"
                .formatted(clocks));
        text.append("        k = edges[edge_number][%d:0]; #1; k = 0; #1;\n      end\n".formatted(clocks - 1));
        text.append("      edge_number = edge_number + 1;\n    end\n    $finish;\n  end\nendmodule\n");
        return text.toString();
    }

    private static String tool(Path directory, String... command) throws IOException {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(command[0] + " does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        String output = Files.readString(log, StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command[0] + ": "
                    + output.lines().filter(l -> !l.isBlank()).findFirst().orElse("exit " + process.exitValue()));
        }
        return output;
    }
}
