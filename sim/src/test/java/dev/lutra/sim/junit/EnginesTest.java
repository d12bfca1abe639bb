// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import static dev.lutra.sim.EngineKind.EMBEDDED;
import static dev.lutra.sim.EngineKind.VERILATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.EngineKind;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EnginesTest {
    static final class Doubler extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(9));

        Doubler() {
            y.set(x.shl(1));
        }
    }

    static long doubled(EngineKind engine, int x) {
        var design = Circuit.of(Doubler::new);
        try (var sim = engine.open(design)) {
            sim.poke(design.top().x, x);
            return sim.peek(design.top().y);
        }
    }

    /** Runs of the template below. */
    private static final Set<EngineKind> RAN = EnumSet.noneOf(EngineKind.class);

    @Engines({EMBEDDED, VERILATOR})
    void aMethodRunsOncePerEngine(EngineKind engine) {
        assertThat(RAN.add(engine)).as("first run on " + engine).isTrue();
        assertThat(doubled(engine, 100)).isEqualTo(200);
    }

    @AfterAll
    static void itRanOnAllThatAreHere() throws NoSuchMethodException {
        var method = EnginesTest.class.getDeclaredMethod("aMethodRunsOncePerEngine", EngineKind.class);
        assertThat(RAN)
                .containsExactlyElementsOf(ChosenEngines.of(method.getAnnotation(Engines.class)).stream()
                        .filter(engine -> engine.missing().isEmpty())
                        .toList());
    }

    @Property(tries = 20)
    void propertiesTakeTheEngine(
            @ForAll @Engines({EMBEDDED, VERILATOR}) EngineKind engine, @ForAll @IntRange(max = 255) int x) {
        assertThat(doubled(engine, x)).isEqualTo(2L * x);
    }

    /** Two engines of three, one of which a test may declare away. */
    @Engines(value = VERILATOR, except = EMBEDDED)
    private static final class Declared {}

    @Test
    void aRunChooses() {
        var declared = Declared.class.getAnnotation(Engines.class);
        assertThat(ChosenEngines.of(declared, null, false)).containsExactly(VERILATOR);
        assertThat(ChosenEngines.of(null, "", false)).containsExactly(EMBEDDED);
        assertThat(ChosenEngines.of(declared, "embedded", false)).isEmpty();
        assertThat(ChosenEngines.of(null, " verilator, embedded", true)).containsExactly(EMBEDDED, VERILATOR);
        assertThat(ChosenEngines.of(null, "all", false)).containsExactly(EngineKind.values());
        assertThat(ChosenEngines.of(null, null, true)).containsExactly(EngineKind.values());
        assertThat(ChosenEngines.of(declared, null, true))
                .contains(VERILATOR)
                .doesNotContain(EMBEDDED)
                .hasSize(EngineKind.values().length - 1);
        assertThatThrownBy(() -> ChosenEngines.of(null, "verilator,modelsim", false))
                .hasMessageContaining(
                        "-Dlutra.engines: there is no engine \"modelsim\"; engines are [embedded, verilator");
    }

    @Test
    void aMissingProgramIsTheReason() {
        assertThat(EMBEDDED.missing()).isEmpty();
        assertThat(new EngineInvocation(EMBEDDED)
                        .evaluateExecutionCondition(null)
                        .isDisabled())
                .isFalse();
        var verilator = new EngineInvocation(VERILATOR).evaluateExecutionCondition(null);
        assertThat(verilator.isDisabled()).isEqualTo(VERILATOR.missing().isPresent());
        VERILATOR
                .missing()
                .ifPresent(why -> assertThat(verilator.getReason()).contains("skipped on verilator: " + why));
    }
}
