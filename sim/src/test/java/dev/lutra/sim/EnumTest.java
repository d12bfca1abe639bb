// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Coded;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Enumerations: names, codes, and codes that are no value, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class EnumTest {
    enum State {
        IDLE,
        RUN,
        DONE
    }

    enum Hot implements Coded {
        RED,
        AMBER,
        GREEN;

        @Override
        public long code() {
            return 1L << ordinal();
        }
    }

    /** A traffic light with a code for each lamp. */
    static final class Light extends Module {
        final Bool next = in(bool());
        final Bool hurry = in(bool());
        final Bits lamps = out(bits(3));
        final Bool go = out(bool());

        Light() {
            var light = reg(enumOf(Hot.class)).init(Hot.RED);
            when(
                    next,
                    () -> switchOn(light)
                            .is(Hot.RED, () -> light.set(Hot.GREEN))
                            .is(Hot.GREEN, () -> light.set(Hot.AMBER))
                            .is(Hot.AMBER, () -> light.set(Hot.RED)));
            require(light.ne(Hot.AMBER).or(hurry.not()), "stopped in a hurry");
            lamps.set(light.asBits());
            go.set(light.eq(Hot.GREEN));
            printf("%s %b 100%%", light, light);
        }
    }

    /** What codes without a name do. */
    static final class Codes extends Module {
        final EnumSignal<State> state = in(enumOf(State.class));
        final UInt complete = out(uint(4));
        final UInt safe = out(uint(4));
        final UInt last = out(uint(4));
        final UInt word = out(uint(4));

        Codes() {
            switchOn(state)
                    .is(State.DONE, () -> complete.set(3))
                    .is(State.IDLE, () -> complete.set(1))
                    .is(State.RUN, () -> complete.set(2));
            switchOn(state)
                    .is(State.IDLE, () -> safe.set(1))
                    .is(State.RUN, () -> safe.set(2))
                    .is(State.DONE, () -> safe.set(3))
                    .otherwise(() -> safe.set(15));
            var held = reg(uint(4)).init(0);
            var words = memory(uint(4), 1);
            switchOn(state)
                    .is(List.of(State.IDLE, State.RUN), () -> held.set(1))
                    .is(State.DONE, () -> {
                        held.set(2);
                        words.write(lit(0), 7);
                        printf("in %s", state);
                    });
            last.set(held);
            word.set(words.readAsync(lit(0)));
        }
    }

    private final List<String> lines = new ArrayList<>();

    private final EngineKind engine;

    EnumTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void codesAreThoseOfTheValues() {
        var design = Circuit.of(Light::new);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.onPrint(lines::add);
            sim.reset(1);
            sim.poke(top.next, true);
            long[] lamps = new long[5];
            for (int i = 0; i < lamps.length; i++) {
                lamps[i] = sim.peek(top.lamps);
                assertThat(sim.peekBool(top.go)).isEqualTo(lamps[i] == 4);
                sim.step(1);
            }
            sim.poke(top.hurry, true);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("stopped in a hurry; light = AMBER, hurry = 1");
            assertThat(lamps).containsExactly(1, 4, 2, 1, 4);
            assertThat(lines)
                    .containsExactly(
                            "RED 1 100%",
                            "GREEN 100 100%", "AMBER 10 100%", "RED 1 100%", "GREEN 100 100%", "AMBER 10 100%");
        }
    }

    @Test
    void aCodeThatIsNoValueTakesOtherwiseOrTheLastCase() {
        var design = Circuit.of(Codes::new);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.onPrint(lines::add);
            sim.reset(1);
            long[][] expected = {{1, 1, 1, 0}, {2, 2, 1, 0}, {2, 15, 2, 7}, {3, 3, 2, 7}};
            int[] codes = {0, 1, 3, 2};
            for (int i = 0; i < codes.length; i++) {
                sim.poke(top.state, codes[i]);
                long complete = sim.peek(top.complete);
                long safe = sim.peek(top.safe);
                sim.step(1);
                assertThat(new long[] {complete, safe, sim.peek(top.last), sim.peek(top.word)})
                        .as("code " + codes[i])
                        .isEqualTo(expected[i]);
            }
            assertThat(lines).containsExactly("in ?", "in DONE");
        }
    }
}
