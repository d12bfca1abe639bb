// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples cross between clocks of unrelated periods, none of them lost without a mark, doubled or out of order. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR})
class CaptureTest {
    private static final int DEPTH = 16;

    /** In the queue, in the register behind it, and on their way through the synchronisers. */
    private static final int MOST_IN_FLIGHT = DEPTH + 1;

    private final Elaboration<CaptureBench> design = Circuit.of(() -> new CaptureBench(DEPTH));
    private final CaptureBench top = design.top();

    private final EngineKind engine;

    CaptureTest(EngineKind engine) {
        this.engine = engine;
    }

    private int cycles() {
        return engine == EngineKind.VERILATOR ? 30_000 : 3_000;
    }

    private Simulator start(int period, int streamPeriod, int phase, int rate, int speed) {
        Simulator sim = engine.open(design);
        sim.ownClock(period, 0);
        sim.clock(top.stream_clk, streamPeriod, phase);
        sim.poke(top.rate, rate);
        sim.poke(top.speed, speed);
        sim.reset(2 + 2 * streamPeriod / period);
        return sim;
    }

    /** The stream is fast enough, with as many stalls as it can afford. */
    @ParameterizedTest
    @CsvSource({
        "10, 7, 3, 16, 16",
        "10, 3, 1, 16, 12",
        "7, 10, 0, 6, 16",
        "7, 13, 5, 2, 16",
        "1, 1, 0, 12, 16",
        "997, 101, 50, 16, 8",
        "64, 65, 64, 14, 16",
    })
    void nothingIsLost(int period, int streamPeriod, int phase, int rate, int speed) {
        try (Simulator sim = start(period, streamPeriod, phase, rate, speed)) {
            sim.step(cycles());
            assertThat(sim.peek(top.lost)).isZero();
            assertThat(sim.peek(top.skipped)).isZero();
            assertThat(sim.peek(top.sent)).isGreaterThan(cycles() / 10);
            assertThat(sim.peek(top.sent) - sim.peek(top.received)).isBetween(0L, (long) MOST_IN_FLIGHT);
            assertThat(sim.peek(top.packets)).isEqualTo(sim.peek(top.received) / CaptureBench.PACKET);
        }
    }

    /** The stream is too slow: what is lost is marked and counted. */
    @ParameterizedTest
    @CsvSource({"10, 11, 0, 16, 16", "3, 10, 7, 16, 12", "7, 5, 1, 15, 8", "1, 1, 0, 16, 15"})
    void lossesAreKnown(int period, int streamPeriod, int phase, int rate, int speed) {
        try (Simulator sim = start(period, streamPeriod, phase, rate, speed)) {
            sim.step(cycles());
            assertThat(sim.peek(top.skipped)).isPositive();
            sim.poke(top.rate, 0);
            sim.poke(top.speed, 16);
            sim.step(50L * streamPeriod / period + 50);
            long skipped = sim.peek(top.skipped);
            assertThat(sim.peek(top.received) + sim.peek(top.lost)).isEqualTo(sim.peek(top.sent));
            // What was lost after the last beat is marked in the next one.
            assertThat(sim.peek(top.lost) - skipped).isBetween(0L, 100L);
        }
    }
}
