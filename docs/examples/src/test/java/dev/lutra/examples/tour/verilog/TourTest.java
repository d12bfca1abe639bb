// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Test benches of the tour for Verilog users, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class TourTest {
    private final EngineKind engine;

    TourTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void counts() {
        var design = Circuit.of(Counter::new);
        var counter = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(counter.enable, true);
            sim.step(300);
            assertThat(sim.peek(counter.count)).isEqualTo(300 % 256);
            sim.poke(counter.clear, true);
            sim.step(1);
            assertThat(sim.peek(counter.count)).isZero();
        }
    }

    @Test
    void findsTheFirst() {
        var design = Circuit.of(FirstOf::new);
        try (Simulator sim = engine.open(design)) {
            for (int request = 0; request < 16; request++) {
                sim.poke(design.top().request, request);
                assertThat(sim.peekBool(design.top().any)).isEqualTo(request != 0);
                assertThat(sim.peek(design.top().index)).isEqualTo(Integer.numberOfTrailingZeros(request | 16) % 4);
            }
        }
    }

    @Test
    void multipliesAndAdds() {
        var design = Circuit.of(Mac::new);
        var mac = design.top();
        var random = new SplittableRandom(1);
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(mac.enable, true);
            long sum = 0;
            for (int i = 0; i < 200; i++) {
                int sign = i < 100 ? 1 : -1;
                int a = random.nextInt(-128, 128);
                int b = sign * random.nextInt(0, 128) * (a < 0 ? -1 : 1);
                sim.poke(mac.a, a);
                sim.poke(mac.b, b);
                sim.step(1);
                sum = Math.max(-(1 << 17), Math.min((1 << 17) - 1, sum + a * b));
                assertThat(sim.peek(mac.sum)).as("step " + i).isEqualTo(sum);
            }
            assertThat(sum).isEqualTo(-(1 << 17));
        }
    }

    @Test
    void delays() {
        var design = Circuit.of(() -> new Delay(new Delay.Params(8, 3)));
        try (Simulator sim = engine.open(design)) {
            for (int i = 0; i < 20; i++) {
                sim.poke(design.top().d, 10 * i);
                assertThat(sim.peek(design.top().q)).isEqualTo(i < 3 ? 0 : 10 * (i - 3));
                sim.step(1);
            }
        }
    }

    @Test
    void remembers() {
        var design = Circuit.of(Scratch::new);
        var scratch = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.poke(scratch.write, true);
            for (int i = 0; i < 16; i++) {
                sim.poke(scratch.waddr, i);
                sim.poke(scratch.wdata, 3 * i);
                sim.step(1);
            }
            sim.poke(scratch.waddr, 5);
            sim.poke(scratch.wdata, 99);
            sim.poke(scratch.raddr, 5);
            sim.step(1);
            assertThat(sim.peek(scratch.rdata)).as("the old word").isEqualTo(15);
            sim.step(1);
            assertThat(sim.peek(scratch.rdata)).isEqualTo(99);
        }
    }

    @Test
    void serializes() {
        var design = Circuit.of(Serializer::new);
        var serializer = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(serializer.start, true);
            sim.poke(serializer.data, 0b1010_0110);
            sim.step(1);
            sim.poke(serializer.start, false);
            int received = 0;
            for (int bit = 0; bit < 9; bit++) {
                assertThat(sim.peekBool(serializer.busy)).isTrue();
                received |= (int) sim.peek(serializer.line) << bit;
                sim.step(1);
            }
            assertThat(received).isEqualTo(0b1010_0110 << 1);
            assertThat(sim.peekBool(serializer.busy)).isFalse();
            assertThat(sim.peekBool(serializer.line)).isTrue();
        }
    }

    @Test
    void darkens() {
        var design = Circuit.of(Darken::new);
        try (Simulator sim = engine.open(design)) {
            sim.poke(design.top().word, 31 << 11 | 33 << 5 | 7);
            assertThat(sim.peek(design.top().dark)).isEqualTo(15 << 11 | 16 << 5 | 3);
        }
    }

    @Test
    void crosses() {
        var design = Circuit.of(Crossing::new);
        var crossing = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.ownClock(10, 0);
            sim.clock(crossing.other_clk, 3, 1);
            sim.reset(2);
            sim.poke(crossing.level, true);
            sim.step(1);
            assertThat(sim.peekBool(crossing.seen)).isFalse();
            sim.step(1);
            assertThat(sim.peekBool(crossing.seen)).isTrue();
        }
    }

    @Test
    void watchesItsCredits() {
        var design = Circuit.of(Credits::new);
        var credits = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(credits.take, true);
            sim.step(8);
            assertThat(sim.peek(credits.left)).isZero();
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("taken where none is left");
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
            sim.poke(phrases.t, -32);
            sim.poke(phrases.w, 0b1011_0100);
            sim.poke(phrases.i, 2);
            sim.poke(phrases.p, true);
            long[] expected = {
                300,
                44,
                100,
                4096,
                128,
                800,
                50,
                -32,
                0,
                1,
                0,
                0,
                0b0100_1011,
                1,
                0,
                0b0110,
                1,
                0b10_1101_0010,
                15,
                200,
                8,
                -128,
                -56,
                200,
                128,
                200,
                128
            };
            assertThat(phrases.rows.stream().mapToLong(sim::peek).toArray()).isEqualTo(expected);
        }
    }
}
