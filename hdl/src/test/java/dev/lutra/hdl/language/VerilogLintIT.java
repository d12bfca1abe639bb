// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three tools take the written Verilog without a word. */
class VerilogLintIT {
    @TempDir
    private Path directory;

    private static void needTools() {
        for (String tool : List.of("verilator", "iverilog", "yosys")) {
            assumeTrue(Tool.present(tool), "skipped: no " + tool + " on the path");
        }
    }

    /** Lint of all three says nothing. */
    private void silent(String top, dev.lutra.hdl.ir.Circuit circuit) throws IOException {
        needTools();
        Path place = directory.resolve(top);
        List<String> names = Files.readAllLines(VerilogWriter.writeTo(circuit, place));
        var verilator = List.of("verilator", "--lint-only", "-Wall", "--top-module", top, "-f", top + ".f");
        assertThat(Tool.run(place, verilator).output()).isEmpty();
        var icarus = List.of("iverilog", "-g2005", "-Wall", "-s", top, "-o", "sim", "-f", top + ".f");
        assertThat(Tool.run(place, icarus).output()).isEmpty();
        String script =
                "read_verilog " + String.join(" ", names) + "; hierarchy -check -top " + top + "; proc; check -assert";
        assertThat(Tool.run(place, List.of("yosys", "-q", "-p", script)).output())
                .isEmpty();
    }

    @Test
    void statementsThatLook() throws IOException {
        silent("Queue", Circuit.of(Queue::new).circuit());
    }

    /** What must not be reached; its condition reads nothing. */
    private static final class Unreachable extends Module {
        final Bool broken = in(bool());
        final Bool seen = out(bool());

        Unreachable() {
            seen.set(broken);
            when(broken, () -> {
                require(lit(false), "broken");
                assume(lit(true).not(), "broken");
            });
        }
    }

    @Test
    void constantConditions() throws IOException {
        needTools();
        VerilogWriter.writeTo(Circuit.of(Unreachable::new).circuit(), directory);
        assertThat(Files.readString(directory.resolve("Unreachable.v"))).contains("assert (1'b0);");
        for (String command :
                List.of("verilator --lint-only -Wall Unreachable.v", "iverilog -g2005 -Wall -o sim Unreachable.v")) {
            assertThat(Tool.run(directory, List.of(command.split(" "))).output())
                    .as(command)
                    .isEmpty();
        }
        for (String formal : List.of("", "-formal ")) {
            String script =
                    "read_verilog " + formal + "Unreachable.v; hierarchy -check -top Unreachable; proc; check -assert";
            assertThat(Tool.run(directory, List.of("yosys", "-q", "-p", script)).output())
                    .as(script)
                    .isEmpty();
        }
    }

    @Test
    void severalClocks() throws IOException {
        for (ResetKind kind : ResetKind.values()) {
            silent(
                    "TwoClocks",
                    Circuit.of(kind, () -> new TwoClocks(new TwoClocks.Params(kind)))
                            .circuit());
        }
    }

    /** Every operator and rounding, each result an output. */
    @Test
    void fixedPoint() throws IOException {
        silent("Filter", Circuit.of(FixedPointTest.Filter::new).circuit());
        silent("Everything", Circuit.of(FixedPointTest.Everything::new).circuit());
    }

    @Test
    void ranges() throws IOException {
        silent("Everywhere", Circuit.of(RangesTest.Everywhere::new).circuit());
        silent("Everything", Circuit.of(RangesTest.Everything::new).circuit());
    }

    @Test
    void enumerations() throws IOException {
        silent("Decoder", Circuit.of(EnumsTest.Decoder::new).circuit());
    }

    /** Its comments begin with words that are orders to tools. */
    @Test
    void comments() throws IOException {
        silent("VerilatorPins", Circuit.of(VerilatorPins::new).circuit());
    }

    /** By induction from power-up at zero, with the assumptions; without one of them the proof fails. */
    @Test
    void propertiesAreProven() throws IOException {
        assumeTrue(Tool.present("yosys"), "skipped: no yosys on the path");
        VerilogWriter.writeTo(Circuit.of(Queue::new).circuit(), directory);
        String prove = "hierarchy -top Queue; proc; chformal -cover -remove; opt_clean; "
                + "sat -verify -tempinduct -seq 1 -prove-asserts -set-assumes -set-init-zero Queue";
        var proof = Tool.run(directory, List.of("yosys", "-p", "read_verilog -formal Queue.v; " + prove));
        assertThat(proof.status()).as(proof.output()).isZero();
        assertThat(proof.output()).contains("Induction step proven: SUCCESS!");
        Path weaker = directory.resolve("Queue.v");
        String text = Files.readString(weaker);
        assertThat(text).contains("assume (!(full && push));");
        Files.writeString(weaker, text.replace("assume (!(full && push));", ""));
        var failed = Tool.run(directory, List.of("yosys", "-p", "read_verilog -formal Queue.v; " + prove));
        assertThat(failed.status()).as(failed.output()).isNotZero();
    }
}
