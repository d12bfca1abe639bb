// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.sim.EngineKind.EMBEDDED;
import static dev.lutra.sim.EngineKind.ICARUS;
import static dev.lutra.sim.EngineKind.VERILATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import dev.lutra.sim.junit.Engines;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of every wrong use, and where: the same on every engine. */
@Engines({EMBEDDED, VERILATOR, ICARUS})
class MisuseTest {
    static final class Top extends Module {
        final UInt x = in(uint(4));
        final UInt digit = in(uint(range(0, 9)));
        final SFix gain = in(sfix(2, 2));
        final Clock other = in(clock());
        final UInt y = out(uint(70));
        final Bool big = out(bool());

        Top() {
            var last = reg(uint(4)).init(0);
            last.set(x);
            var elsewhere = reg(uint(4), domain(other));
            elsewhere.set(elsewhere.wrapAdd(1));
            y.set(cat(fill(66, last.bit(3)), last).asUInt());
            big.set(digit.gt(gain.raw().asBits().asUInt()).or(elsewhere.eq(3)));
        }
    }

    private final EngineKind engine;
    private final Elaboration<Top> design = Circuit.of(Top::new);
    private final Top top = design.top();
    private Simulator sim;

    MisuseTest(EngineKind engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        sim = engine.open(design);
    }

    @AfterEach
    void close() {
        sim.close();
    }

    /** The message begins with the innermost line of this file. */
    private static void refused(ThrowingCallable use, String text) {
        assertThatThrownBy(use)
                .isInstanceOf(SimulationException.class)
                .satisfies(e -> assertThat(e.getMessage()).isEqualTo("MisuseTest.java:" + line(e) + ": " + text));
    }

    private static int line(Throwable e) {
        return Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().equals(MisuseTest.class.getName()))
                .findFirst()
                .orElseThrow()
                .getLineNumber();
    }

    private static String at(Elaboration<?> design, String port) {
        return design.circuit().top().ports().stream()
                .filter(p -> p.name().equals(port))
                .map(p -> port + " (" + p.type() + ", " + p.loc() + ")")
                .findFirst()
                .orElseThrow();
    }

    @Test
    void outputsAreNotPoked() {
        refused(() -> sim.poke(top.y, 1), at(design, "y") + " is an output and cannot be poked");
        refused(() -> sim.poke(top.big, true), at(design, "big") + " is an output and cannot be poked");
        refused(
                () -> sim.batch(List.of(top.x, top.y), List.of(), 4),
                at(design, "y") + " is an output and cannot be poked");
    }

    @Test
    void valuesMustFit() {
        refused(() -> sim.poke(top.x, 16), "16 does not fit " + at(design, "x") + ": 0 to 15");
        refused(() -> sim.poke(top.x, -1), "-1 does not fit " + at(design, "x") + ": 0 to 15");
        refused(
                () -> sim.poke(top.x, BigInteger.TWO.pow(64)),
                "18446744073709551616 does not fit " + at(design, "x") + ": 0 to 15");
        refused(() -> sim.poke(top.digit, 10), "10 does not fit " + at(design, "digit") + ": 0 to 9");
        refused(() -> sim.poke(top.gain, new BigDecimal("0.125")), "0.125 is not a number of " + at(design, "gain"));
        sim.poke(top.x, 15);
        sim.step(1);
        refused(
                () -> sim.peek(top.y),
                at(design, "y") + " holds " + BigInteger.ONE.shiftLeft(70).subtract(BigInteger.ONE)
                        + ", which is no Java long: use peekBig");
    }

    @Test
    void signalsAreOfThisDesign() {
        var other = Circuit.of(Top::new);
        String hint = " is no ground port of the top module Top"
                + " (a simulation knows the ports of the design it was opened with)";
        refused(() -> sim.poke(other.top().x, 1), "x: UInt(4)" + hint);
        refused(() -> sim.peek(other.top().y), "y: UInt(70)" + hint);
        refused(() -> sim.runUntil(other.top().big, 5), "big: Bool" + hint);
        refused(() -> sim.batch(List.of(other.top().x), List.of(), 4), "x: UInt(4)" + hint);
    }

    @Test
    void batchesHaveRows() {
        refused(() -> sim.batch(List.of(top.x), List.of(top.y), 0), "a batch of 0 rows: at least 1");
        var batch = sim.batch(List.of(top.x), List.of(top.y), 4);
        refused(() -> batch.run(5), "a run of 5 cycles in a batch of 4 rows");
        refused(() -> batch.run(-1), "a run of -1 cycles in a batch of 4 rows");
        refused(() -> batch.set(4, 0, 1), "row 4, port 0 of a batch of 4 rows with 1 inputs");
        refused(() -> batch.set(0, 1, 1), "row 0, port 1 of a batch of 4 rows with 1 inputs");
        refused(() -> batch.get(-1, 0), "row -1, port 0 of a batch of 4 rows with 1 outputs");
        refused(
                () -> sim.batch(List.of(top.x), List.of(top.y), 1 << 28),
                "a batch of 268435456 rows of 1 words is beyond 2 GiB: use fewer rows at a time");
    }

    @Test
    void cyclesAndClocksAreSensible() {
        refused(() -> sim.step(-1), "step of -1 cycles");
        refused(() -> sim.reset(0), "reset of 0 cycles: at least 1");
        refused(
                () -> sim.poke(top.other, 1),
                at(design, "other") + " is driven by clock(), as clocks are, and cannot be poked");
        refused(
                () -> sim.clock(top.other, 0, 0),
                "clock other: period 0 and phase 0; the period is at least 1, the phase from 0 to less than the period");
        sim.step(1);
        refused(() -> sim.clock(top.other, 2, 0), "clock other is set after the first cycle, in cycle 1");
    }

    @Test
    void buses() {
        refused(() -> sim.attachMmio("s_axi"), "Top has no ports s_axi_*");
        refused(() -> sim.attachMemory("m_axi", MemoryConfig.of(1 << 12, 1)), "Top has no ports m_axi_*");
    }

    @Test
    void aClosedSimulationIsClosed() {
        var batch = sim.batch(List.of(top.x), List.of(top.y), 4);
        sim.close();
        int line = line(new Throwable()) - 1;
        String since = "the simulation of Top is closed, since MisuseTest.java:" + line;
        refused(() -> sim.poke(top.x, 1), since);
        refused(() -> sim.peek(top.big), since);
        refused(() -> sim.peekBig(top.y), since);
        refused(() -> sim.step(1), since);
        refused(() -> sim.reset(1), since);
        refused(() -> sim.run(1), since);
        refused(() -> sim.runUntil(top.big, 1), since);
        refused(() -> sim.trace(Path.of("never.vcd")), since);
        refused(() -> sim.cycle(), since);
        refused(() -> batch.run(1), since);
        sim.close();
        refused(() -> sim.step(1), since);
    }

    @Test
    void aMissingToolIsNamedWhereItWasAskedFor() {
        var nothing = VerilatorOptions.defaults().withEnvironment(Map.of("PATH", "/nowhere", "HOME", "/tmp"));
        assertThatThrownBy(() -> Simulators.verilator(design, nothing))
                .isInstanceOfSatisfying(ToolException.class, e -> {
                    assertThat(e.getMessage()).matches("MisuseTest.java:\\d+: verilator is not on the PATH; .*");
                    assertThat(e.problem()).startsWith("verilator is not on the PATH; ");
                });
    }
}
