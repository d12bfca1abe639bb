// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.junit.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outermost module's own reset in its four kinds, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class OwnResetTest {
    private final EngineKind engine;

    OwnResetTest(EngineKind engine) {
        this.engine = engine;
    }

    static final class Top extends Module {
        final UInt d = in(uint(8));
        final UInt first = out(uint(8));
        final UInt second = out(uint(8));
        final UInt below = out(uint(8));

        Top() {
            var one = reg(uint(8)).init(9);
            var two = reg(uint(8)); // takes what one has, in reset too
            one.set(d);
            two.set(one);
            first.set(one);
            second.set(two);
            var child = new Child();
            child.d.set(d);
            below.set(child.q);
            require(d.ne(200), "two hundred");
        }
    }

    static final class Child extends Module {
        final UInt d = in(uint(8));
        final UInt q = out(uint(8));

        Child() {
            var state = reg(uint(8)).init(77);
            Bool odd = d.bit(0);
            when(odd, () -> state.set(d));
            q.set(state);
        }
    }

    @Test
    void actsAtOnceOrAtTheEdge() {
        for (ResetKind kind : ResetKind.values()) {
            var design = Circuit.of(kind, Top::new);
            var top = design.top();
            try (var sim = engine.open(design)) {
                sim.poke(top.d, 33);
                assertThat(sim.peek(top.first)).as("not reset before reset()").isZero();
                sim.step(2);
                assertThat(sim.peek(top.below)).isEqualTo(33);
                sim.poke(top.d, 200); // nothing watches in reset
                sim.reset(1);
                assertThat(sim.peek(top.first)).as(kind.name()).isEqualTo(9);
                assertThat(sim.peek(top.second)).as(kind.name()).isEqualTo(kind.asynchronous() ? 9 : 33);
                assertThat(sim.peek(top.below)).as(kind.name()).isEqualTo(77);
                sim.poke(top.d, 35);
                sim.step(1);
                assertThat(sim.peek(top.first)).as(kind.name()).isEqualTo(35);
                assertThat(sim.peek(top.below)).as(kind.name()).isEqualTo(35);
            }
        }
    }

    /** Random stimulus and resets: as the embedded engine in every cycle. */
    @Test
    void agreesWithTheEmbeddedEngine() {
        for (ResetKind kind : ResetKind.values()) {
            var design = Circuit.of(kind, Top::new);
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

    private static List<Long> run(Simulator sim, Top top, long seed) {
        var random = new Random(seed);
        var seen = new ArrayList<Long>();
        for (int cycle = 0; cycle < 60; cycle++) {
            sim.poke(top.d, random.nextInt(200));
            if (random.nextInt(8) == 0) {
                sim.reset(1 + random.nextInt(2));
            } else {
                sim.step(1);
            }
            seen.add(sim.peek(top.first));
            seen.add(sim.peek(top.second));
            seen.add(sim.peek(top.below));
        }
        return seen;
    }

    @Test
    void severalClocks() {
        for (ResetKind kind : ResetKind.values()) {
            var design = Circuit.of(kind, () -> new TwoClocks(new TwoClocks.Params(ResetKind.SYNC)));
            try (var sim = engine.open(design)) {
                sim.ownClock(4, 1);
                sim.clock(design.top().fast, 3, 2);
                sim.reset(2);
                assertThat(sim.peek(design.top().slowCount)).isEqualTo(5);
                sim.step(1);
                assertThat(sim.peek(design.top().slowCount)).as(kind.name()).isEqualTo(6);
            }
        }
    }

    /** VCDs of Verilator have no reset of the top's own under this name. */
    @Test
    void theTraceShowsItsLevel(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("top.vcd");
        var traced = SimulatorOptions.defaults().withTrace(true);
        try (var sim = EngineKind.EMBEDDED.open(Circuit.of(ResetKind.ASYNC_LOW, Top::new), traced)) {
            sim.trace(file);
            sim.reset(1);
            sim.step(1);
        }
        String text = Files.readString(file);
        String id = text.replaceAll("(?s).*\\$var wire 1 (\\S+) rst_n \\$end.*", "$1");
        assertThat(text).contains("\n0" + id + "\n").contains("\n1" + id + "\n");
        assertThat(text.indexOf("\n0" + id + "\n")).isLessThan(text.indexOf("\n1" + id + "\n"));
    }
}
