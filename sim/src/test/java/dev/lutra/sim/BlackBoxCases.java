// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.engine.SimulationException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Black boxes, the same on every engine. */
abstract class BlackBoxCases {
    static final int LENGTH = 3;

    abstract Simulator open(Elaboration<?> design);

    @Test
    void modelsAddUp() {
        addsUp("");
    }

    /** Sums against Java, also where they wrap. */
    final void addsUp(String verilog) {
        var design = Circuit.of(() -> new MacChain(LENGTH, verilog));
        var top = design.top();
        var random = new Random(5);
        try (var sim = open(design)) {
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
        assertThatThrownBy(() -> open(design))
                .isInstanceOf(SimulationException.class)
                .hasMessageMatching(
                        "black box SECRET \\(secret of Unknown, BlackBoxCases.java:\\d+\\) has neither a model"
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
        assertThatThrownBy(() -> open(design))
                .isInstanceOf(SimulationException.class)
                .hasMessageStartingWith("black box PLL (pll of WithPll, BlackBoxCases.java:")
                .hasMessageContaining("makes a clock, fast")
                .hasMessageContaining("simulate the module below that takes the clock");
    }
}
