// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Test benches of the tour for Chisel users, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class TourTest {
    private final EngineKind engine;

    TourTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void countsToItsLimit() {
        var design = Circuit.of(() -> new EventCounter(new EventCounter.Params(4, 9)));
        var counter = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            for (int i = 0; i < 20; i++) {
                assertThat(sim.peek(counter.count)).isEqualTo(Math.min(9, i));
                assertThat(sim.peekBool(counter.full)).isEqualTo(i >= 9);
                sim.poke(counter.event, true);
                sim.step(1);
            }
        }
    }

    @Test
    void dividesInCommon() {
        var design = Circuit.of(Gcd::new);
        var gcd = design.top();
        var random = new SplittableRandom(4);
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            for (int i = 0; i < 20; i++) {
                int a = random.nextInt(1, 1000);
                int b = random.nextInt(1, 1000);
                sim.poke(gcd.operands.bits.a, a);
                sim.poke(gcd.operands.bits.b, b);
                sim.poke(gcd.operands.valid, true);
                assertThat(sim.peekBool(gcd.operands.ready)).isTrue();
                sim.step(1);
                sim.poke(gcd.operands.valid, false);
                assertThat(sim.runUntil(gcd.result.valid, 3000)).isNotNegative();
                sim.step(random.nextInt(3)); // and stays
                assertThat(sim.peekBool(gcd.result.valid)).isTrue();
                assertThat(sim.peek(gcd.result.bits))
                        .isEqualTo(
                                BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValue());
                sim.poke(gcd.result.ready, true);
                sim.step(1);
                sim.poke(gcd.result.ready, false);
            }
        }
    }

    @Test
    void blends() {
        var design = Circuit.of(Blend::new);
        var blend = design.top();
        var random = new SplittableRandom(5);
        try (Simulator sim = engine.open(design)) {
            for (int i = 0; i < 500; i++) {
                int a = i == 0 ? 255 : random.nextInt(256);
                int b = i == 0 ? 255 : random.nextInt(256);
                int weight = random.nextInt(256);
                sim.poke(blend.a, a);
                sim.poke(blend.b, b);
                sim.poke(blend.weight, weight);
                assertThat(sim.peek(blend.pixel)).isEqualTo((a * weight + b * (255 - weight)) >> 8);
            }
        }
    }

    @Test
    void handsOnWhatItTakes() {
        var design = Circuit.of(() -> new Pipeline(new Pipeline.Params(3)));
        var pipeline = design.top();
        var random = new SplittableRandom(6);
        var sent = new ArrayList<Long>();
        var received = new ArrayList<Long>();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            for (int cycle = 0; cycle < 400; cycle++) {
                long value = random.nextInt(256);
                sim.poke(pipeline.source.valid, random.nextBoolean());
                sim.poke(pipeline.source.bits, value);
                sim.poke(pipeline.sink.ready, random.nextBoolean());
                if (sim.peekBool(pipeline.source.ready) && sim.peekBool(pipeline.source.valid)) {
                    sent.add(value);
                }
                if (sim.peekBool(pipeline.sink.ready) && sim.peekBool(pipeline.sink.valid)) {
                    received.add(sim.peek(pipeline.sink.bits));
                }
                sim.step(1);
            }
        }
        assertThat(received.size()).isGreaterThan(80);
        assertThat(received).isEqualTo(sent.subList(0, received.size()));
        assertThat(sent.size() - received.size()).isLessThanOrEqualTo(3);
    }

    @Test
    void filters() {
        var coefficients = List.of(3, -5, 0, 7, 1);
        var design = Circuit.of(() -> new Taps(new Taps.Params(coefficients)));
        var taps = design.top();
        // 128 x (3 + 5 + 7 + 1) = 2048; 127 x 11 + 128 x 5 = 2037.
        assertThat(taps.y.range()).hasToString("-2043 to 2037");
        assertThat(taps.y.width()).isEqualTo(12);
        var random = new SplittableRandom(7);
        var past = new ArrayList<Integer>();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            for (int i = 0; i < 100; i++) {
                int x = random.nextInt(-128, 128);
                past.add(0, x);
                sim.poke(taps.x, x);
                int y = 0;
                for (int k = 0; k < coefficients.size() && k < past.size(); k++) {
                    y += coefficients.get(k) * past.get(k);
                }
                assertThat(sim.peek(taps.y)).isEqualTo(y);
                sim.step(1);
            }
        }
    }

    @Test
    void findsTwoOnes() {
        var design = Circuit.of(TwoOnes::new);
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            boolean before = false;
            for (char c : "0101101110011".toCharArray()) {
                boolean bit = c == '1';
                sim.poke(design.top().bit, bit);
                sim.step(1);
                assertThat(sim.peekBool(design.top().found)).isEqualTo(bit && before);
                before = bit;
            }
        }
    }

    @Test
    void countsSymbols() {
        var design = Circuit.of(Histogram::new);
        var histogram = design.top();
        var random = new SplittableRandom(8);
        long[] counts = new long[16];
        try (Simulator sim = engine.open(design)) {
            for (int i = 0; i < 300; i++) {
                int symbol = random.nextInt(4) * random.nextInt(6);
                boolean valid = random.nextBoolean();
                int ask = random.nextInt(16);
                sim.poke(histogram.valid, valid);
                sim.poke(histogram.symbol, symbol);
                sim.poke(histogram.ask, ask);
                long before = counts[ask];
                sim.step(1);
                assertThat(sim.peek(histogram.count)).as("the old word").isEqualTo(before);
                counts[symbol] += valid ? 1 : 0;
            }
        }
    }

    @Test
    void amplifies() {
        var design = Circuit.of(Gain::new);
        var gain = design.top();
        double[][] cases = {
            {0.25, 1.5, 0.375},
            {-0.5, 2.5, -1},
            {0.5, 2, 0.999969482421875},
            {-0x1p-15, 0.5, 0},
            {0x3p-15, 0.5, 0x2p-15}
        };
        try (Simulator sim = engine.open(design)) {
            for (double[] c : cases) {
                sim.poke(gain.sample, new BigDecimal(c[0]));
                sim.poke(gain.gain, new BigDecimal(c[1]));
                assertThat(sim.peekDecimal(gain.louder)).isEqualByComparingTo(new BigDecimal(c[2]));
            }
        }
    }

    @Test
    void showsTheLampToTheOtherClock() {
        var design = Circuit.of(Monitor::new);
        var monitor = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.ownClock(4, 0);
            sim.clock(monitor.monitor_clk, 1, 0);
            sim.reset(2);
            sim.poke(monitor.toggle, true);
            sim.step(1);
            sim.poke(monitor.toggle, false);
            assertThat(sim.peekBool(monitor.lamp)).isFalse();
            sim.step(1);
            assertThat(sim.peekBool(monitor.lamp)).isTrue();
        }
    }

    @Test
    void watchesItsLevel() {
        var design = Circuit.of(Stack::new);
        var stack = design.top();
        assertThat(stack.level.width()).isEqualTo(4);
        var lines = new ArrayList<String>();
        try (Simulator sim = engine.open(design)) {
            sim.onPrint(lines::add);
            sim.reset(1);
            sim.poke(stack.push, true);
            sim.step(12);
            sim.poke(stack.pop, true);
            sim.step(1);
            assertThat(lines).containsExactly("top replaced at level 12");
            assertThat(sim.covered())
                    .anySatisfy(point -> assertThat(point.toString()).contains("full"));
            sim.poke(stack.pop, false);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("not within 0 to 12");
        }
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(stack.pop, true);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("pop of an empty stack");
        }
    }

    @Test
    void translates() {
        var design = Circuit.of(Phrases::new);
        var phrases = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.poke(phrases.a, 200);
            sim.poke(phrases.b, 100);
            sim.poke(phrases.s, -128);
            sim.poke(phrases.w, 0b1011_0100);
            sim.poke(phrases.i, 2);
            sim.poke(phrases.p, true);
            for (int n = 0; n < 4; n++) {
                sim.poke(phrases.v.get(n), 60 * n);
            }
            long[] expected = {
                5,
                5,
                -5,
                300,
                44,
                100,
                100,
                20000,
                128,
                0,
                1,
                1,
                200 & 100,
                1,
                0b0110,
                8,
                200,
                0b10_1101_0010,
                7,
                200,
                120,
                180,
                360,
                4,
                4,
                128,
                200,
                180L << 24 | 120 << 16 | 60 << 8
            };
            assertThat(phrases.rows.stream().mapToLong(sim::peek).toArray()).isEqualTo(expected);
        }
    }
}
