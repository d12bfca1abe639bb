// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.examples.Tools;
import dev.lutra.examples.tour.Page;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Verilog of the page and the Verilog written for the Java beside it are equivalent: proofs by Yosys. */
class TourProofIT {
    @TempDir
    private Path directory;

    record Pair(String name, Supplier<Module> top) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Pair> pairs() {
        return List.of(
                new Pair("Counter", Counter::new),
                new Pair("FirstOf", FirstOf::new),
                new Pair("Mac", Mac::new),
                new Pair("Delay", () -> new Delay(new Delay.Params(8, 3))),
                new Pair("Scratch", Scratch::new),
                new Pair("Serializer", Serializer::new),
                new Pair("Darken", Darken::new),
                new Pair("Crossing", Crossing::new),
                new Pair("Credits", Credits::new));
    }

    private static String pageVerilog(String module) throws IOException {
        var blocks = new Page("tour-verilog.md")
                .blocks("verilog").stream()
                        .filter(block -> block.contains("module " + module + " "))
                        .toList();
        assertThat(blocks).as("Verilog of " + module).hasSize(1);
        return blocks.get(0);
    }

    @Test
    void everyBlockHasAProof() throws IOException {
        assertThat(new Page("tour-verilog.md").blocks("verilog")).hasSize(pairs().size());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void pairsAreEquivalent(Pair pair) throws IOException {
        prove(pair, pageVerilog(pair.name));
    }

    @Test
    void aProofCanFail() throws IOException {
        String wrong = pageVerilog("Counter").replace("8'd1", "8'd2");
        assertThatThrownBy(() -> prove(pairs().get(0), wrong))
                .hasMessageContaining("unproven $equiv cells in 'equiv_status -assert'");
    }

    /** The phrases as a module: an output for each row, of the width that the Java expression has. */
    @Test
    void phrasesAreEquivalent() throws IOException {
        var circuit = Circuit.of(Phrases::new).circuit();
        StringBuilder ports = new StringBuilder();
        StringBuilder body = new StringBuilder();
        List<PhraseBook> rows = PhraseBook.read();
        for (Port port : circuit.top().ports()) {
            ports.append(ports.isEmpty() ? "" : ",\n")
                    .append(port.direction() == Direction.IN ? "input" : "output")
                    .append(" logic ")
                    .append(port.type().signed() ? "signed " : "")
                    .append("[" + (port.type().width() - 1) + ":0] ")
                    .append(port.name());
        }
        for (int i = 0; i < rows.size(); i++) {
            body.append("assign row" + i + " = " + rows.get(i).verilog() + ";\n");
        }
        String module = "module Phrases (\n" + ports + ");\n" + body + "endmodule\n";
        prove(new Pair("Phrases", Phrases::new), module);
    }

    private void prove(Pair pair, String verilog) throws IOException {
        Tools.require("yosys");
        Files.writeString(directory.resolve("page.sv"), verilog);
        var circuit = Circuit.of(pair.top).circuit();
        String files = String.join(" ", Files.readAllLines(VerilogWriter.writeTo(circuit, directory)));
        String top = circuit.top().name();
        String tidy = "; proc; flatten; memory; opt_clean; ";
        String script = "read_verilog -sv page.sv; hierarchy -top " + pair.name + tidy + "rename " + pair.name
                + " page; design -stash page; read_verilog " + files + "; hierarchy -top " + top + tidy
                + "rename " + top + " ours; design -copy-from page page; equiv_make page ours both; "
                + "hierarchy -top both; opt_clean; equiv_simple -seq 5; equiv_induct -seq 5; equiv_status -assert";
        Tools.run(directory, List.of("yosys", "-p", script));
    }
}
