// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Black boxes, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class BlackBoxTest {
    private static final int LENGTH = 3;

    /** Yosys brings simulation models of the cells it maps to. */
    private static final Path CELLS = Path.of("/usr/share/yosys/ice40/cells_sim.v");

    private final EngineKind engine;

    BlackBoxTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void modelsAddUp() {
        addsUp("");
    }

    /** Sums against Java, also where they wrap. */
    private void addsUp(String verilog) {
        var design = Circuit.of(() -> new MacChain(LENGTH, verilog));
        var top = design.top();
        var random = new Random(5);
        try (var sim = engine.open(design)) {
            // Registers without reset values start as zero here, as they do in the device.
            int[] sums = new int[LENGTH];
            int[] a = new int[LENGTH];
            int b = 0;
            for (int cycle = 0; cycle < 2000; cycle++) {
                int[] nextA = new int[LENGTH];
                boolean enable = random.nextInt(4) > 0;
                boolean shift = random.nextInt(8) == 0;
                for (int i = 0; i < LENGTH; i++) {
                    nextA[i] = random.nextInt(4) == 0 ? -32768 : random.nextInt(65536) - 32768;
                    sim.poke(top.a.get(i), nextA[i]);
                }
                int nextB = random.nextInt(4) == 0 ? -32768 : random.nextInt(65536) - 32768;
                sim.poke(top.b, nextB);
                sim.poke(top.enable, enable);
                sim.poke(top.shift, shift);
                sim.step(1);
                if (enable || shift) {
                    for (int i = LENGTH - 1; i >= 0; i--) {
                        int before = i == 0 ? 0 : sums[i - 1];
                        sums[i] = shift ? before : sums[i] + a[i] * b;
                    }
                    a = nextA;
                    b = nextB;
                }
                assertThat(sim.peek(top.sum)).as("cycle " + cycle).isEqualTo(sums[LENGTH - 1]);
            }
        }
    }

    /** The model of the multiplier does what the cell of the device does; the embedded engine has no use for the cell. */
    @Test
    void theCellOfTheDeviceAddsUp() throws IOException {
        assumeTrue(Files.isReadable(CELLS), "skipped: no " + CELLS);
        String cells = Files.readString(CELLS);
        int start = cells.indexOf("module SB_MAC16 (");
        String cell = cells.substring(start, cells.indexOf("endmodule", start)) + "endmodule\n";
        addsUp(cell.replaceAll("(?s)`ifdef.*?`endif", "").replaceAll("(?s)specify.*?endspecify", ""));
    }

    static final class VerilogOnly extends Module {
        final UInt o = out(uint(4));

        VerilogOnly() {
            var box = new BlackBox("FIVE") {
                final UInt o = out(uint(4));

                {
                    verilog("five.v", "module FIVE(output [3:0] o); assign o = 5; endmodule\n");
                }
            };
            o.set(box.o);
        }
    }

    @Test
    void verilogIsRunWhereThereIsNoModel() {
        var design = Circuit.of(VerilogOnly::new);
        if (engine == EngineKind.EMBEDDED) {
            assertThatThrownBy(() -> engine.open(design))
                    .hasMessageContaining("has no model, which the embedded engine needs")
                    .hasMessageContaining("simulate with Verilator, which takes five.v");
            return;
        }
        try (var sim = engine.open(design)) {
            assertThat(sim.peek(design.top().o)).isEqualTo(5);
        }
    }

    static final class Unknown extends Module {
        final UInt o = out(uint(4));

        Unknown() {
            var secret = new BlackBox("SECRET") {
                final UInt o = out(uint(4));
            };
            o.set(secret.o);
        }
    }

    @Test
    void nothingToRun() {
        var design = Circuit.of(Unknown::new);
        assertThatThrownBy(() -> engine.open(design))
                .isInstanceOf(SimulationException.class)
                .hasMessageMatching(
                        "black box SECRET \\(secret of Unknown, BlackBoxTest.java:\\d+\\) has neither a model"
                                + " nor Verilog: describe in its constructor what it does, or supply the Verilog of SECRET by"
                                + " verilog\\(...\\) and simulate with Verilator");
    }

    static final class Pll extends BlackBox {
        final Clock fast = out(clock());
        final Bool locked = out(bool());

        Pll() {
            super("PLL");
            clockPort("REF");
            locked.set(true);
        }
    }

    static final class WithPll extends Module {
        final UInt count = out(uint(4));

        WithPll() {
            var pll = new Pll();
            var value = reg(uint(4), domain(pll.fast));
            value.set(value.wrapAdd(1));
            count.set(value);
        }
    }

    @Test
    void clocksAreNotMade() {
        var design = Circuit.of(WithPll::new);
        assertThatThrownBy(() -> engine.open(design))
                .isInstanceOf(SimulationException.class)
                .hasMessageStartingWith("black box PLL (pll of WithPll, BlackBoxTest.java:")
                .hasMessageContaining("makes a clock, fast")
                .hasMessageContaining("simulate the module below that takes the clock");
    }
}
