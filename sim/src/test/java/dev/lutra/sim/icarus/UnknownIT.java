// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values of four states: where they come from, how far they reach, and what a test sees of them. */
class UnknownIT {
    @BeforeAll
    static void tools() {
        EngineKind.ICARUS.missing().ifPresent(why -> assumeTrue(false, "skipped: " + why));
    }

    /** Two counters, of which one is not reset, and what depends on them. */
    static final class Partly extends Module {
        final Bool load = in(bool());
        final UInt value = in(uint(70));
        final UInt held = out(uint(70));
        final UInt count = out(uint(8));
        final UInt low = out(uint(8));
        final Bool any = out(bool());
        final Bool never = out(bool());

        Partly() {
            var register = reg(uint(70));
            when(load, () -> register.set(value));
            held.set(register);
            low.set(register.bits(7, 0));
            var counter = reg(uint(8)).init(3);
            counter.set(counter.wrapAdd(1));
            count.set(counter);
            any.set(register.bit(0).or(load));
            never.set(register.bit(0).and(load));
        }
    }

    private static List<String> unknown(Simulator sim, Partly top) {
        var names = new ArrayList<String>();
        Map<String, Data> outputs = new LinkedHashMap<>();
        outputs.put("held", top.held);
        outputs.put("count", top.count);
        outputs.put("low", top.low);
        outputs.put("any", top.any);
        outputs.put("never", top.never);
        outputs.forEach((name, output) -> {
            if (sim.isUnknown(output)) {
                names.add(name);
            }
        });
        return names;
    }

    @Test
    void aRegisterIsUnknownUntilItIsResetOrWritten() {
        for (ResetKind kind : ResetKind.values()) {
            var design = Circuit.of(kind, Partly::new);
            var top = design.top();
            try (var sim = Simulators.icarus(design)) {
                assertThat(unknown(sim, top)).containsExactly("held", "count", "low", "any");
                sim.step(3);
                assertThat(unknown(sim, top)).as("x counts to x").containsExactly("held", "count", "low", "any");
                sim.reset(1);
                assertThat(unknown(sim, top)).as("reset reaches one").containsExactly("held", "low", "any");
                assertThat(sim.peek(top.count)).isEqualTo(3);
                sim.poke(top.load, true);
                assertThat(unknown(sim, top)).as("1 or x is 1").containsExactly("held", "low", "never");
                sim.poke(top.value, BigInteger.ONE.shiftLeft(69).add(BigInteger.TEN));
                sim.step(1);
                assertThat(unknown(sim, top)).isEmpty();
                assertThat(sim.peekBig(top.held))
                        .isEqualTo(BigInteger.ONE.shiftLeft(69).add(BigInteger.TEN));
            }
        }
    }

    @Test
    void peekingTheUnknownNamesThePort() {
        var design = Circuit.of(Partly::new);
        try (var sim = Simulators.icarus(design)) {
            for (Data port : List.of(design.top().low, design.top().held)) {
                assertThatThrownBy(() -> sim.peek(port))
                        .isInstanceOf(SimulationException.class)
                        .hasMessageMatching(
                                "UnknownIT.java:\\d+: (low|held) \\(UInt\\(\\d+\\), UnknownIT.java:\\d+\\) is unknown in"
                                        + " cycle 0: some of its bits are x or z.*");
            }
            assertThatThrownBy(() -> sim.peekBool(design.top().any)).hasMessageContaining("any (Bool");
        }
    }

    @Test
    void aBatchTellsWhichRowsAreUnknown() {
        var design = Circuit.of(Partly::new);
        var top = design.top();
        try (var sim = Simulators.icarus(design)) {
            sim.reset(1);
            var batch = sim.batch(List.of(top.load, top.value), List.of(top.count, top.low), 4);
            for (int row = 0; row < 4; row++) {
                batch.set(row, 0, row == 1 ? 1 : 0);
                batch.set(row, 1, 5);
            }
            batch.run(4);
            for (int row = 0; row < 4; row++) {
                assertThat(batch.get(row, 0)).isEqualTo(3 + row);
                assertThat(batch.isUnknown(row, 0)).isFalse();
                assertThat(batch.isUnknown(row, 1)).as("row " + row).isEqualTo(row < 2);
            }
            assertThat(batch.get(2, 1)).isEqualTo(5);
            assertThatThrownBy(() -> batch.get(1, 1))
                    .hasMessageMatching(
                            "UnknownIT.java:\\d+: low \\(UInt\\(8\\), UnknownIT.java:\\d+\\) is unknown in row 1 of the batch.*");
            batch.run(4);
            assertThat(batch.isUnknown(0, 1)).isFalse();
        }
    }

    @Test
    void anUnknownConditionIsNotWaitedForInVain() {
        var design = Circuit.of(Partly::new);
        var top = design.top();
        try (var sim = Simulators.icarus(design)) {
            assertThatThrownBy(() -> sim.runUntil(top.any, 10))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageMatching("any of Partly \\(UnknownIT.java:\\d+\\) is unknown \\(x\\) in cycle 10.*");
            assertThat(sim.runUntil(top.never, 5)).as("x and 0 is 0").isEqualTo(-1);
            sim.poke(top.load, true);
            assertThat(sim.runUntil(top.any, 10)).isZero();
        }
    }

    @Test
    void zerosAtTheStartAreAnOption() {
        var design = Circuit.of(Partly::new);
        try (var sim = Simulators.icarus(design, IcarusOptions.defaults().withZeroStart(true))) {
            assertThat(unknown(sim, design.top())).isEmpty();
            assertThat(sim.peek(design.top().count)).isZero();
            sim.step(3);
            assertThat(sim.peek(design.top().count)).isEqualTo(3);
        }
        try (var sim = Simulators.embedded(design)) {
            assertThat(unknown(sim, design.top())).isEmpty();
        }
    }

    static final class Words extends Module {
        final UInt address = in(uint(3));
        final Bool write = in(bool());
        final UInt out = out(uint(8));

        Words() {
            Memory<UInt> words = memory(uint(8), 8);
            when(write, () -> words.write(address, address.extend(8)));
            out.set(words.read(address));
        }
    }

    @Test
    void aWordOfAMemoryIsUnknownUntilItIsWritten() {
        Elaboration<Words> design = Circuit.of(Words::new);
        var top = design.top();
        try (var sim = Simulators.icarus(design)) {
            for (int i = 0; i < 8; i++) {
                sim.poke(top.address, i);
                sim.step(1);
                assertThat(sim.isUnknown(top.out)).as("word " + i).isTrue();
                sim.poke(top.write, i % 2 == 0);
                sim.step(1);
                sim.poke(top.write, false);
                sim.step(1);
                assertThat(sim.isUnknown(top.out)).as("word " + i).isEqualTo(i % 2 != 0);
            }
            sim.poke(top.address, 6);
            sim.step(1);
            assertThat(sim.peek(top.out)).isEqualTo(6);
        }
    }

    /** An AXI4 and an AXI4-Lite port whose handshakes come from registers that nothing resets. */
    static final class Handshakes extends Module {
        Handshakes() {
            var forgotten = reg(uint(1));
            forgotten.set(forgotten);
            for (String output :
                    "m_axi_arvalid 1,m_axi_araddr 16,m_axi_arlen 8,m_axi_arsize 3,m_axi_arburst 2,m_axi_rready 1"
                            .split(",", -1)) {
                String[] word = output.split(" ", -1);
                named(out(uint(Integer.parseInt(word[1]))), word[0])
                        .set(word[0].endsWith("arvalid") ? forgotten : lit(0, Integer.parseInt(word[1])));
            }
            for (String input :
                    "m_axi_arready 1,m_axi_rvalid 1,m_axi_rdata 64,m_axi_rresp 2,m_axi_rlast 1".split(",", -1)) {
                String[] word = input.split(" ", -1);
                named(in(uint(Integer.parseInt(word[1]))), word[0]);
            }
        }
    }

    @Test
    void aMemoryRefusesAnUnknownHandshake() {
        var design = Circuit.of(Handshakes::new);
        try (var sim = Simulators.icarus(design)) {
            sim.attachMemory("m_axi", MemoryConfig.of(4096, 3));
            sim.reset(2);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageMatching(
                            "m_axi_arvalid of Handshakes \\(UnknownIT.java:\\d+\\) is unknown \\(x\\) in cycle 2,"
                                    + " and the memory behind it cannot go on.*");
            assertThat(sim.cycle()).isEqualTo(2);
        }
    }
}
