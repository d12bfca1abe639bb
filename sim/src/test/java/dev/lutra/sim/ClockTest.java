// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several clocks, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class ClockTest {
    private final EngineKind engine;

    ClockTest(EngineKind engine) {
        this.engine = engine;
    }

    private static Elaboration<TwoClocks> design(ResetKind kind) {
        return Circuit.of(() -> new TwoClocks(new TwoClocks.Params(kind)));
    }

    @Test
    void edgesComeWhenTheyAreDue() {
        var design = design(ResetKind.SYNC);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.ownClock(4, 1);
            sim.clock(top.fast, 3, 2);
            // Own clock at 1, 5, 9, 13, 17, the other at 2, 5, 8, 11, 14, 17.
            sim.reset(2);
            assertThat(sim.peek(top.slowCount)).isEqualTo(5);
            assertThat(sim.peek(top.fastCount)).as("edges at 2 and 5, in reset").isEqualTo(5);
            sim.step(1); // up to 9
            assertThat(sim.peek(top.slowCount)).isEqualTo(6);
            assertThat(sim.peek(top.fastCount)).as("8").isEqualTo(6);
            sim.step(1); // up to 13
            assertThat(sim.peek(top.fastCount)).as("8, 11").isEqualTo(7);
            sim.step(1); // up to 17
            assertThat(sim.peek(top.slowCount)).isEqualTo(8);
            assertThat(sim.peek(top.fastCount)).as("8, 11, 14, 17").isEqualTo(9);
            assertThat(sim.cycle()).isEqualTo(5);
        }
    }

    @Test
    void asynchronousResetActsAtOnce() {
        for (ResetKind kind : ResetKind.values()) {
            var design = design(kind);
            var top = design.top();
            try (var sim = engine.open(design)) {
                sim.reset(2);
                sim.step(3);
                assertThat(sim.peek(top.fastCount)).isEqualTo(8);
                sim.poke(top.fastReset, kind.activeLow() ? 0 : 1);
                assertThat(sim.peek(top.fastCount)).as(kind.name()).isEqualTo(kind.asynchronous() ? 5 : 8);
                sim.poke(top.fastReset, kind.activeLow() ? 1 : 0);
                assertThat(sim.peek(top.fastCount)).as(kind.name()).isEqualTo(kind.asynchronous() ? 5 : 8);
                sim.poke(top.fastReset, kind.activeLow() ? 0 : 1);
                sim.step(1);
                assertThat(sim.peek(top.fastCount)).as(kind.name()).isEqualTo(5);
                assertThat(sim.peek(top.slowCount)).isEqualTo(9);
            }
        }
    }

    @Test
    void nothingIsLostBetweenClocks() {
        long[][] clocks = {{1, 0, 1, 0}, {10, 0, 3, 1}, {3, 2, 10, 7}, {7, 0, 8, 3}};
        for (int i = 0; i < clocks.length; i++) {
            var design = design(ResetKind.values()[i]);
            var top = design.top();
            var random = new Random(i);
            try (var sim = engine.open(design)) {
                var printed = new ArrayList<String>();
                sim.onPrint(printed::add);
                sim.ownClock(clocks[i][0], clocks[i][1]);
                sim.clock(top.fast, clocks[i][2], clocks[i][3]);
                sim.poke(top.enable, true);
                sim.reset(5);
                var sent = new ArrayList<Long>();
                int pulses = 0;
                // A reader that is always ready would need each of its own cycles looked at: keep to one word in
                // flight.
                for (int cycle = 0; cycle < 400; cycle++) {
                    boolean pulse = cycle % 20 == 0;
                    pulses += pulse ? 1 : 0;
                    sim.poke(top.pulse, pulse);
                    long word = random.nextInt(256);
                    sim.poke(top.words.bits, word);
                    boolean send = cycle % 40 == 7;
                    sim.poke(top.words.valid, send);
                    if (send) {
                        assertThat(sim.peekBool(top.words.ready))
                                .as("cycle " + cycle)
                                .isTrue();
                        sent.add(word);
                    }
                    if (cycle % 40 == 38) {
                        assertThat(sim.peekBool(top.queued.valid))
                                .as("cycle " + cycle)
                                .isTrue();
                        assertThat(sim.peekBool(top.handed.valid))
                                .as("cycle " + cycle)
                                .isTrue();
                        long last = sent.get(sent.size() - 1);
                        assertThat(sim.peek(top.queued.bits)).isEqualTo(last);
                        assertThat(sim.peek(top.handed.bits)).isEqualTo(last);
                    }
                    // Long enough for an edge of the other clock; there is one word to take.
                    sim.poke(top.queued.ready, cycle % 40 < 6);
                    sim.poke(top.handed.ready, cycle % 40 < 6);
                    sim.step(1);
                }
                assertThat(sim.peek(top.pulses)).as("clocks " + i).isEqualTo(7 + pulses);
                assertThat(printed).hasSize(pulses).startsWith("pulse 7", "pulse 8");
                assertThat(sim.peekBool(top.level)).isTrue();
                assertThat(sent).hasSize(10);
                assertThat(sim.covered())
                        .extracting(CoverPoint::firstCycle)
                        .allMatch(first -> first >= 25 && first < 40);
            }
        }
    }

    @Test
    void clocksAreSetBeforeTheFirstCycle() {
        var design = design(ResetKind.SYNC);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.poke(top.limit, 1);
            assertThatThrownBy(() -> sim.poke(top.fast, 1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageContaining("is driven by clock(), as clocks are, and cannot be poked");
            assertThatThrownBy(() -> sim.clock(top.fast, 3, 3))
                    .hasMessageContaining("clock fast: period 3 and phase 3");
            sim.step(1);
            assertThatThrownBy(() -> sim.clock(top.fast, 3, 0)).hasMessageContaining("after the first cycle");
        }
    }

    /** Random stimulus, clocks and resets: as the embedded engine in every cycle. */
    @Test
    void agreesWithTheEmbeddedEngine() {
        for (ResetKind kind : ResetKind.values()) {
            var design = design(kind);
            for (long seed = 1; seed <= 20; seed++) {
                try (var sim = engine.open(design);
                        var embedded = Simulators.embedded(design)) {
                    assertThat(run(sim, design.top(), seed))
                            .as(kind + ", seed " + seed)
                            .isEqualTo(run(embedded, design.top(), seed));
                }
            }
        }
    }

    /** The whole run of every output. */
    private static List<List<Long>> run(Simulator sim, TwoClocks top, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<List<Long>>();
        sim.ownClock(1 + random.nextInt(6), 0);
        int period = 1 + random.nextInt(6);
        sim.clock(top.fast, period, random.nextInt(period));
        sim.onPrint(line -> rows.add(List.of((long) line.hashCode())));
        sim.poke(top.limit, 8 + random.nextInt(8));
        sim.reset(3);
        for (int cycle = 0; cycle < 50; cycle++) {
            sim.poke(top.enable, random.nextBoolean());
            sim.poke(top.pulse, random.nextInt(4) == 0);
            sim.poke(top.words.bits, random.nextInt(256));
            sim.poke(top.words.valid, random.nextBoolean());
            sim.poke(top.queued.ready, random.nextBoolean());
            sim.poke(top.handed.ready, random.nextBoolean());
            if (random.nextInt(10) == 0) {
                sim.poke(top.fastReset, random.nextInt(2));
            }
            for (int half = 0; half < 2; half++) {
                rows.add(List.of(
                        sim.peek(top.words.ready),
                        sim.peek(top.queued.valid),
                        sim.peek(top.queued.bits),
                        sim.peek(top.handed.valid),
                        sim.peek(top.handed.bits),
                        sim.peek(top.pulses),
                        sim.peek(top.slowCount),
                        sim.peek(top.fastCount),
                        sim.peek(top.table),
                        sim.peek(top.level)));
                if (half == 0) {
                    try {
                        sim.step(1);
                    } catch (SimulationException e) {
                        rows.add(List.of((long) e.getMessage().hashCode()));
                    }
                }
            }
        }
        return rows;
    }
}
