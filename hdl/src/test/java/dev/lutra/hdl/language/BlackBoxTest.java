// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.hdl.stats.Target;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Verilog modules from elsewhere. */
class BlackBoxTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(BlackBoxTest.class, top, expected);
    }

    private static String text(List<VerilogFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow()
                .text()
                .replaceAll(" *// \\S+\\.java:\\d+", "");
    }

    @Test
    void instanceWithParametersAndItsFile() {
        var files = VerilogWriter.write(Circuit.of(PllDesign::new).circuit());
        assertThat(files)
                .extracting(VerilogFile::name)
                .containsExactly("EXAMPLE_PLL.v", "ResetSync.v", "EXAMPLE_MAC.v", "Core_async.v", "PllDesign.v");
        assertThat(text(files, "PllDesign.v")).contains("""
                  EXAMPLE_PLL #(
                    .MULTIPLY (8),
                    .FEEDBACK ("INTERNAL"),
                    .MASK     (12'hab)
                  ) pll (
                    .refclk (clk),
                    .bypass (1'b0),
                    .fast   (pll_fast),
                    .locked (pll_locked)
                  );
                """, """
                    .clk (pll_fast),
                """);
    }

    @Test
    void modelsDoNotCount() {
        var statistics = Statistics.of(Circuit.of(PllDesign::new).circuit());
        assertThat(statistics.total().registerBits())
                .as("first of Core, two of ResetSync")
                .isEqualTo(3);
        assertThat(statistics.total().estimates().get(Target.AMD).dsps()).isZero();
        assertThat(Statistics.of(Circuit.of(WithCounter::new).circuit()).instances())
                .extracting(Statistics.Row::name)
                .containsExactly("WithCounter", "one", "five");
    }

    @Test
    void theModelIsAModuleForSimulationOnly() {
        var circuit = Circuit.of(WithCounter::new).circuit();
        assertThat(VerilogWriter.write(circuit)).extracting(VerilogFile::name).containsExactly("WithCounter.v");
        assertThat(text(VerilogWriter.write(circuit), "WithCounter.v")).contains("""
                  COUNTER #(
                    .STEP  (5),
                    .SCALE (-1.5e-9)
                  ) five (
                    .C   (clk),
                    .Q   (five_Q)
                  );
                """);
        var models = VerilogWriter.writeModels(circuit);
        assertThat(models)
                .extracting(VerilogFile::name)
                .containsExactly("Inner.v", "Counting_step1.v", "Counting_step5.v", "WithCounter.v");
        assertThat(text(models, "WithCounter.v")).contains("""
                  Counting_step1 one (
                    .clk (clk),
                """, "Counting_step5 five (");
    }

    /** Beside the Verilog for synthesis: the foreign module itself, a model per set of parameters. */
    @Test
    void modelsByTheNameOfTheForeignModule() {
        var file = VerilogWriter.writeBoxModels(Circuit.of(WithCounter::new).circuit())
                .orElseThrow();
        assertThat(file.name()).isEqualTo("WithCounter_models.v");
        assertThat(file.text())
                .containsSubsequence(
                        "module Inner",
                        "module Counting_step1",
                        "module Counting_step5",
                        """
                module COUNTER #(
                  parameter STEP = "not given",
                  parameter SCALE = "not given"
                ) (
                  input  C,
                  output [3:0] Q
                );
                  generate
                    if (STEP == 1 && SCALE == -1.5e-9) begin : of_Counting_step1
                      Counting_step1 model (
                        .clk (C),
                        .Q (Q)
                      );
                    end else
                    if (STEP == 5 && SCALE == -1.5e-9) begin : of_Counting_step5
                """,
                        "there is no model of COUNTER with these parameters");
        assertThat(VerilogWriter.writeBoxModels(Circuit.of(Inner::new).circuit()))
                .isEmpty();
    }

    static final class WithCounter extends Module {
        final UInt o = out(uint(5));

        WithCounter() {
            var one = new Counting(new Counting.Params(1));
            var five = new Counting(new Counting.Params(5));
            o.set(one.Q.add(five.Q));
        }
    }

    static final class Counting extends BlackBox {
        record Params(int step) {}

        final UInt Q = out(uint(4));

        Counting(Params p) {
            super(p, "COUNTER");
            parameter("STEP", p.step());
            parameter("SCALE", -1.5e-9);
            clockPort("C");
            var inner = new Inner();
            inner.step.set(p.step());
            Q.set(inner.q);
        }
    }

    static final class Inner extends Module {
        final UInt step = in(uint(4));
        final UInt q = out(uint(4));

        Inner() {
            var value = reg(uint(4));
            value.set(value.wrapAdd(step));
            q.set(value);
        }
    }

    static final class Wrong extends BlackBox {
        final UInt wire = out(uint(4));

        Wrong() {
            super("WRONG");
            parameter("A", 1);
            parameter("A", 2);
            parameter("B", BigInteger.valueOf(16), 4);
            parameter("1C", "text");
            verilogResource("nowhere.v");
            verilog("../up.v", "");
            var local = in(bool());
            var state = reg(uint(4)).init(0);
            when(local, () -> state.set(1));
            wire.set(state);
        }
    }

    static final class HoldsWrong extends Module {
        HoldsWrong() {
            var wrong = new Wrong();
            out(uint(4)).set(wrong.wire);
        }
    }

    @Test
    void slips() {
        rejected(HoldsWrong::new, """
                [parameter("B", BigInteger.valueOf(16), 4);]: error[black-box]: parameter B = 16 does not fit 4 bits
                    hint: give a value from 0 to 2^width - 1
                [parameter("1C", "text");]: error[black-box]: '1C' is no name in Verilog
                    hint: give the name of the foreign module's Verilog
                [verilogResource("nowhere.v");]: error[black-box]: there is no resource nowhere.v beside dev.lutra.hdl.language.BlackBoxTest$Wrong
                    hint: put the file into the same package of the resources
                [verilog("../up.v", "");]: error[black-box]: '../up.v' is no plain name of a Verilog file
                    hint: use a name such as box.v
                [var wrong = new Wrong();]: error[black-box]: black box Wrong gives parameter A twice
                    hint: give each parameter once
                [var wrong = new Wrong();]: error[black-box]: black box Wrong has a model with state, and no port for its clock
                    hint: say which one: clockPort("CLK")
                [var wrong = new Wrong();]: error[black-box]: black box Wrong has a model with reset values, and no port for the reset
                    hint: say which one: resetPort("RST", kind), or leave out init(...)
                [final UInt wire = out(uint(4));]: error[black-box]: port wire_ of black box Wrong is not called as the source says
                    hint: a field must hold the port, or named(port, "NAME") name it: no reserved word, each name once
                [var local = in(bool());]: error[black-box]: port local_ of black box Wrong is not called as the source says
                    hint: a field must hold the port, or named(port, "NAME") name it: no reserved word, each name once
                9 errors""");
    }

    static final class Divider extends BlackBox {
        final Clock made = out(clock());
        final Bool ready = out(bool());

        Divider() {
            super("DIVIDER");
            resetPort("R", ResetKind.ASYNC_LOW);
            ready.set(true);
        }
    }

    static final class Crossing extends Module {
        final UInt count = out(uint(4));

        Crossing() {
            var divider = new Divider();
            var value = reg(uint(4), domain(divider.made));
            value.set(value.wrapAdd(1));
            var here = reg(uint(4));
            here.set(value);
            count.set(here);
        }
    }

    @Test
    void clocksThatBoxesMake() {
        rejected(Crossing::new, """
                [var divider = new Divider();]: error[black-box]: black box Divider has a reset port R of kind ASYNC_LOW and is made where the reset is of kind SYNC
                    hint: make it in a domain with a reset of that kind
                [here.set(value);]: error[clock-crossing]: register here of Crossing, clocked by clk, takes what depends on register value, clocked by divider_made
                    [here.set(value);]  taken here by clock clk
                    [var value = reg(uint(4), domain(divider.made));]  comes from here, by clock divider_made
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                2 errors""");
    }

    static final class Below extends Module {
        final UInt count = out(uint(4));

        Below() {
            var pll = new PllDesign.Pll();
            pll.bypass.set(false);
            var value = reg(uint(4), domain(pll.fast));
            value.set(value.wrapAdd(1));
            count.set(value);
        }
    }

    static final class Above extends Module {
        Above() {
            var below = new Below();
            var here = reg(uint(4));
            here.set(below.count);
            out(uint(4)).set(here);
        }
    }

    @Test
    void clocksMadeInInstances() {
        rejected(Above::new, """
                [here.set(below.count);]: error[clock-crossing]: register here of Above, clocked by clk, takes what depends on register value in instance below, clocked by below.pll_fast
                    [here.set(below.count);]  taken here by clock clk
                    [var value = reg(uint(4), domain(pll.fast));]  comes from here, by clock below.pll_fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error""");
    }

    static final class Filed extends BlackBox {
        final UInt low = out(uint(4));

        Filed() {
            super("FILED");
            verilog("FileTwin.v", "module FILED(output [3:0] low); endmodule");
            low.set(1);
        }
    }

    static final class FileTwin extends Module {
        FileTwin() {
            var filed = new Filed();
            out(uint(4)).set(filed.low);
        }
    }

    @Test
    void filesOfModulesOfTheDesign() {
        rejected(FileTwin::new, """
                [var filed = new Filed();]: error[black-box]: black box Filed supplies a file FileTwin.v, which is also that of a module of the design
                    hint: give the file another name
                1 error""");
    }

    static final class Half extends BlackBox {
        final UInt low = out(uint(4));
        final Clock given = in(clock());
        final Clock made = out(clock());

        Half(int text) {
            super("Names");
            verilog("half.v", "// " + text);
            low.set(text);
            made.set(given);
        }
    }

    static final class Names extends Module {
        Names() {
            var clock = in(clock());
            var first = new Half(1);
            var second = new Half(2);
            first.given.set(clock);
            second.given.set(clock);
            out(uint(5)).set(first.low.add(second.low));
        }
    }

    @Test
    void modelsAndNames() {
        rejected(Names::new, """
                [var first = new Half(1);]: error[black-box]: black box Half_f6a47e stands for a Verilog module Names, which is also the name of a module of the design
                    hint: rename the class dev.lutra.hdl.language.BlackBoxTest$Names
                [var second = new Half(2);]: error[black-box]: black box Half_23392c stands for a Verilog module Names, which is also the name of a module of the design
                    hint: rename the class dev.lutra.hdl.language.BlackBoxTest$Names
                [var second = new Half(2);]: error[black-box]: black box Half_23392c supplies a file half.v, and so does Half_f6a47e with another text
                    hint: give each file a name of its own, and use parameters in place of two texts
                [made.set(given);]: error[clock-use]: output made of black box Half_f6a47e is a clock, which has no model
                    hint: leave it without an assignment
                [made.set(given);]: error[clock-use]: output made of black box Half_23392c is a clock, which has no model
                    hint: leave it without an assignment
                5 errors""");
    }
}
