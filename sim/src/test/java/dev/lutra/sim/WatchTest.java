// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.StopException;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements that look and drive nothing, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR, EngineKind.ICARUS})
class WatchTest {
    /** Counts, and says what it sees. */
    static final class Watched extends Module {
        final Bool up = in(bool());
        final SInt wide = in(sint(100));
        final UInt limit = in(uint(8));
        final UInt count = out(uint(8));
        final Bool four = out(bool());

        Watched() {
            var value = reg(uint(8)).init(0);
            when(up, () -> value.set(value.wrapAdd(1)));
            count.set(value);
            four.set(value.eq(4));
            var next = value.add(1);
            require(next.le(limit), "beyond the limit");
            assume(wide.ne(-7), "never \"-7\" (100%)");
            cover(value.eq(3), "three");
            cover(value.eq(200), "two hundred");
            when(value.eq(5), () -> printf("value %d, wide %d %x", value, wide, wide));
            when(value.bits(1, 0).eq(2), () -> printf("%b of 100%%", value));
            when(value.eq(9), () -> stop("nine is enough"));
        }
    }

    static final class Two extends Module {
        final Bool up = in(bool());
        final SInt wide = in(sint(100));
        final Watched left = new Watched();
        final Watched right = new Watched();

        Two() {
            left.up.set(up);
            left.wide.set(wide);
            left.limit.set(100);
            right.up.set(false);
            right.wide.set(wide);
            right.limit.set(0);
        }
    }

    private final Elaboration<Watched> design = Circuit.of(Watched::new);
    private final Watched top = design.top();
    private final List<String> lines = new ArrayList<>();

    private final EngineKind engine;

    WatchTest(EngineKind engine) {
        this.engine = engine;
    }

    private Simulator start(int limit) {
        var sim = engine.open(design);
        sim.onPrint(lines::add);
        sim.poke(top.limit, limit);
        sim.poke(top.up, true);
        sim.poke(top.wide, -3);
        sim.reset(2);
        return sim;
    }

    private static String place(String line) {
        return line.replaceAll("WatchTest.java:\\d+", "WatchTest.java");
    }

    @Test
    void printsAndGoesOn() {
        try (var sim = start(200)) {
            sim.step(7);
            assertThat(lines)
                    .containsExactly("10 of 100%", "value 5, wide -3 ffffffffffffffffffffffffd", "110 of 100%");
            assertThat(sim.cycle()).isEqualTo(9);
            assertThat(sim.peek(top.count)).isEqualTo(7);
        }
    }

    @Test
    void printsInBatchesAndConditions() {
        try (var sim = start(200)) {
            var batch = sim.batch(List.of(top.up), List.of(top.count), 8);
            for (int i = 0; i < 8; i++) {
                batch.set(i, 0, i == 3 ? 0 : 1);
            }
            batch.run(8);
            for (int i = 0; i < 8; i++) {
                assertThat(batch.get(i, 0)).isEqualTo(i <= 3 ? i : i - 1);
            }
            assertThat(lines).hasSize(3);
        }
        lines.clear();
        try (var sim = start(200)) {
            assertThat(sim.runUntil(top.four, 100)).isEqualTo(4);
            assertThat(sim.runUntil(top.four, 100)).isZero();
            sim.step(1);
            assertThat(sim.runUntil(top.four, 1)).isEqualTo(-1);
            assertThat(lines).hasSize(2);
        }
    }

    @Test
    void requireThrowsAfterTheEdge() {
        try (var sim = start(3)) {
            var failed = catchThrowableOfType(RequireException.class, () -> sim.step(10));
            assertThat(place(failed.getMessage()))
                    .isEqualTo("require failed in cycle 5 at WatchTest.java: beyond the limit; next = 4, limit = 3"
                            + " (in Watched)");
            assertThat(failed.cycle()).isEqualTo(5);
            assertThat(sim.cycle()).isEqualTo(6);
            assertThat(sim.peek(top.count)).isEqualTo(4);
            sim.poke(top.limit, 200);
            sim.step(1);
            assertThat(sim.peek(top.count)).isEqualTo(5);
        }
    }

    @Test
    void notInReset() {
        try (var sim = start(200)) {
            sim.poke(top.limit, 0);
            sim.reset(5);
            sim.poke(top.limit, 200);
            sim.step(1);
            assertThat(sim.peek(top.count)).isEqualTo(1);
        }
    }

    @Test
    void assumptionsAreForTheStimulus() {
        try (var sim = start(200)) {
            sim.poke(top.wide, -7);
            var failed = catchThrowableOfType(RequireException.class, () -> sim.step(1));
            assertThat(place(failed.getMessage()))
                    .isEqualTo(
                            "assume failed in cycle 2 at WatchTest.java: never \"-7\" (100%); wide = -7 (in Watched)");
        }
    }

    @Test
    void coverTellsTheFirstCycle() {
        try (var sim = start(200)) {
            assertThat(sim.covered()).extracting(CoverPoint::firstCycle).containsExactly(-1L, -1L);
            sim.step(8);
            sim.reset(1);
            sim.step(8);
            assertThat(sim.covered()).extracting(CoverPoint::what).containsExactly("three", "two hundred");
            assertThat(sim.covered()).extracting(CoverPoint::firstCycle).containsExactly(5L, -1L);
            assertThat(sim.covered().get(0).instance()).isEqualTo("Watched");
        }
    }

    @Test
    void stopEndsARun() {
        try (var sim = start(200)) {
            assertThat(sim.run(5)).isEqualTo(-1);
            assertThat(sim.run(100)).isEqualTo(5);
            assertThat(sim.peek(top.count)).isEqualTo(10);
            sim.reset(1);
            var stopped = catchThrowableOfType(StopException.class, () -> sim.step(100));
            assertThat(place(stopped.getMessage()))
                    .isEqualTo("stopped in cycle 22 at WatchTest.java: nine is enough (in Watched)");
        }
    }

    @Test
    void severalFailuresOfOneCycle() {
        var two = Circuit.of(Two::new);
        try (var sim = engine.open(two)) {
            sim.poke(two.top().wide, -7);
            var failed = catchThrowableOfType(SimulationException.class, () -> sim.step(1));
            assertThat(place(failed.getMessage())).isEqualTo("""
                    assume failed in cycle 0 at WatchTest.java: never "-7" (100%); wide = -7 (in Two.left)
                    assume failed in cycle 0 at WatchTest.java: never "-7" (100%); wide = -7 (in Two.right)
                    require failed in cycle 0 at WatchTest.java: beyond the limit; next = 1, limit = 0 (in Two.right)""");
        }
    }
}
