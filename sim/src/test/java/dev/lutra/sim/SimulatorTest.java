// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Engines
class SimulatorTest {
    /** An accumulator with ports of every kind of width. */
    private static final class Accumulator extends Module {
        final Bool en = in(bool());
        final SInt data = in(sint(8));
        final UInt word = in(uint(64));
        final Bits line = in(bits(200));
        final SInt total = out(sint(20));
        final UInt same = out(uint(64));
        final Bits swapped = out(bits(200));
        final Bool negative = out(bool());
        final Vec<UInt> nibbles = out(vec(2, i -> uint(4)));

        Accumulator() {
            var sum = reg(sint(20)).init(-3);
            when(en, () -> sum.set(sum.wrapAdd(data)));
            total.set(sum);
            negative.set(sum.lt(0));
            same.set(word);
            swapped.set(cat(line.bits(99, 0), line.bits(199, 100)));
            nibbles.get(0).set(word.bits(3, 0));
            nibbles.get(1).set(word.bits(7, 4));
        }
    }

    private final Elaboration<Accumulator> design = Circuit.of(Accumulator::new);
    private final Accumulator top = design.top();
    private final Simulator sim;

    SimulatorTest(EngineKind engine) {
        sim = engine.open(design);
    }

    @AfterEach
    void close() {
        sim.close();
    }

    @Test
    void pokesActAtOnceAndStepsCount() {
        assertThat(sim.peek(top.total)).as("before reset").isZero();
        sim.reset(1);
        assertThat(sim.peek(top.total)).isEqualTo(-3);
        assertThat(sim.peekBool(top.negative)).isTrue();
        sim.poke(top.word, 0x5a);
        assertThat(sim.peek(top.nibbles.get(0))).isEqualTo(0xa);
        assertThat(sim.peek(top.nibbles.get(1))).isEqualTo(5);
        sim.poke(top.data, -100);
        sim.step(1);
        assertThat(sim.peek(top.total)).as("not enabled").isEqualTo(-3);
        sim.poke(top.en, true);
        sim.step(3);
        assertThat(sim.peek(top.total)).isEqualTo(-303);
        assertThat(sim.cycle()).isEqualTo(5);
        sim.reset(2);
        assertThat(sim.peek(top.total)).isEqualTo(-3);
        assertThat(sim.cycle()).isEqualTo(7);
    }

    @Test
    void portsOfAnyWidthTakeTheirNumbers() {
        BigInteger line = new BigInteger(200, new Random(1));
        sim.poke(top.line, line);
        BigInteger low = line.and(BigInteger.ONE.shiftLeft(100).subtract(BigInteger.ONE));
        assertThat(sim.peekBig(top.swapped)).isEqualTo(low.shiftLeft(100).or(line.shiftRight(100)));
        BigInteger large = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.TEN);
        sim.poke(top.word, large);
        assertThat(sim.peekBig(top.same)).isEqualTo(large);
        assertThatThrownBy(() -> sim.peek(top.same)).hasMessageContaining("peekBig");
        sim.poke(top.word, 7);
        assertThat(sim.peek(top.same)).isEqualTo(7);
    }

    @Test
    void runsUntilAConditionHolds() {
        sim.reset(1);
        sim.poke(top.en, true);
        sim.poke(top.data, 1);
        assertThat(sim.runUntil(top.negative, 10)).isZero();
        sim.step(5);
        sim.poke(top.data, -1);
        assertThat(sim.runUntil(top.negative, 2)).isEqualTo(-1);
        assertThat(sim.cycle()).isEqualTo(8);
        assertThat(sim.runUntil(top.negative, 2)).isEqualTo(1);
    }

    @Test
    void batchesGiveARowPerCycle() {
        var batch = sim.batch(List.of(top.en, top.data, top.line), List.of(top.total, top.nibbles, top.swapped), 8);
        assertThat(batch.stimulusWords()).isEqualTo(6);
        assertThat(batch.responseWords()).isEqualTo(7);
        for (int i = 0; i < 8; i++) {
            batch.set(i, 0, 1);
            batch.set(i, 1, -i);
            batch.set(i, 2, i);
        }
        sim.reset(1);
        batch.run(8);
        long total = -3;
        for (int i = 0; i < 8; i++) {
            assertThat(batch.get(i, 0)).as("before the edge of cycle %d", i).isEqualTo(total);
            total -= i;
            assertThat(batch.response().get(i * 7 + 3 + 1)).isEqualTo((long) i << 36);
        }
        assertThat(sim.peek(top.total)).isEqualTo(total);
        assertThatThrownBy(() -> batch.run(9)).hasMessageContaining("8 rows");
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> sim.poke(top.total, 1))
                .isInstanceOf(SimulationException.class)
                .hasMessageContaining("total (SInt(20), SimulatorTest.java:")
                .hasMessageContaining("is an output");
        assertThatThrownBy(() -> sim.poke(top.data, 128)).hasMessageContaining("128 does not fit data");
        assertThatThrownBy(() -> sim.poke(top.word, -1)).hasMessageContaining("-1 does not fit word");
        var other = Circuit.of(Accumulator::new);
        assertThatThrownBy(() -> sim.poke(other.top().en, 1)).isInstanceOf(SimulationException.class);
        assertThatThrownBy(() -> sim.poke(top.nibbles, 1)).hasMessageContaining("elements");
        assertThatThrownBy(() -> sim.attachMemory("m_axi", MemoryConfig.of(4096, 1)))
                .hasMessageContaining("no ports m_axi_*");
        assertThatThrownBy(() -> sim.reset(0)).hasMessageContaining("at least 1");
        sim.close();
        assertThatThrownBy(() -> sim.step(1)).hasMessageContaining("closed");
    }

    @Test
    void closingStopsWhatIsRunning() throws Exception {
        var running = CompletableFuture.runAsync(() -> sim.step(Long.MAX_VALUE));
        TimeUnit.MILLISECONDS.sleep(50);
        sim.close();
        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
    }
}
