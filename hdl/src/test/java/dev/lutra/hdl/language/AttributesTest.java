// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes for the tools that read the Verilog. */
class AttributesTest {
    static final class Marked extends Module {
        final UInt a = in(uint(4));
        final UInt o = out(uint(8));

        Marked() {
            attribute(this, "use_dsp", "yes");
            attribute(a, "mark_debug", "true");
            attribute(this, "keep_hierarchy", "yes");
            var words = memory(uint(8), 16);
            attribute(words, "ram_style", "distributed");
            words.write(a, 3);
            var state = reg(uint(4)).init(0);
            attribute(state, "keep", "true");
            state.set(a);
            var product = state.mul(a);
            attribute(product, "use_dsp", "no");
            var child = new Passed();
            attribute(child, "dont_touch", "true");
            child.in.set(product);
            o.set(child.out.wrapAdd(words.readAsync(a)));
        }
    }

    static final class Passed extends Module {
        final UInt in = in(uint(8));
        final UInt out = out(uint(8));

        Passed() {
            out.set(in);
        }
    }

    @Test
    void standBeforeWhatTheyAreGivenTo(@TempDir Path directory) throws IOException {
        var circuit = Circuit.of(Marked::new).circuit();
        String text = VerilogWriter.write(circuit).get(1).text().replaceAll(" *// \\S+\\.java:\\d+", "");
        assertThat(text).contains("""
                (* use_dsp = "yes", keep_hierarchy = "yes" *)
                module Marked (
                """, """
                  (* mark_debug = "true" *)
                  input  wire [3:0] a,
                """, """
                  (* ram_style = "distributed" *)
                  reg  [7:0] words [0:15];
                """, """
                  (* keep = "true" *)
                  reg  [3:0] state;
                """, """
                  (* use_dsp = "no" *)
                  wire [7:0] product;
                  assign product = state * a;
                """, """
                  (* dont_touch = "true" *)
                  Passed child (
                """);
        VerilogWriter.writeTo(circuit, directory);
        for (var command : List.of(
                List.of("verilator", "--lint-only", "-Wall", "--top-module", "Marked", "-f", "Marked.f"),
                List.of("iverilog", "-g2005", "-Wall", "-s", "Marked", "-o", "sim", "-f", "Marked.f"),
                List.of(
                        "yosys",
                        "-q",
                        "-p",
                        "read_verilog Passed.v Marked.v; hierarchy -check -top Marked; proc; check -assert"))) {
            if (Tool.present(command.get(0))) {
                assertThat(Tool.run(directory, command).output()).isEmpty();
            }
        }
    }

    static final class Wrong extends Module {
        Wrong() {
            var child = new Passed();
            child.in.set(1);
            attribute(child.out, "keep", "true");
            attribute(this, "not a name", "1");
            attribute(this, "keep", "\"");
        }
    }

    @Test
    void mistakes() {
        Reports.assertRejected(AttributesTest.class, Wrong::new, """
                [attribute(child.out, "keep", "true");]: error[attribute]: attribute keep is given to what is no part of module Wrong
                    hint: give it to a signal, memory or instance of the module, or to the module itself
                [attribute(this, "not a name", "1");]: error[attribute]: attribute not a name = "1" cannot be written in Verilog
                    hint: a name is a Verilog identifier, a value printable ASCII without quotes and backslashes
                [attribute(this, "keep", "\\"");]: error[attribute]: attribute keep = \"\"\" cannot be written in Verilog
                    hint: a name is a Verilog identifier, a value printable ASCII without quotes and backslashes
                3 errors
                """);
    }
}
