// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The outermost module's own reset in its four kinds, the same on every engine. */
abstract class OwnResetCases {
    abstract Simulator open(Elaboration<?> design);

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
            try (var sim = open(design)) {
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

    /** Random stimulus and resets, for comparing engines. */
    static List<Long> run(Simulator sim, Top top, long seed) {
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
            try (var sim = open(design)) {
                sim.ownClock(4, 1);
                sim.clock(design.top().fast, 3, 2);
                sim.reset(2);
                assertThat(sim.peek(design.top().slowCount)).isEqualTo(5);
                sim.step(1);
                assertThat(sim.peek(design.top().slowCount)).as(kind.name()).isEqualTo(6);
            }
        }
    }
}
