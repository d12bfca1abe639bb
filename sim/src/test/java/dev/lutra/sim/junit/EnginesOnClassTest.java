// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.junit;

import static dev.lutra.sim.EngineKind.EMBEDDED;
import static dev.lutra.sim.EngineKind.VERILATOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.sim.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Engines({EMBEDDED, VERILATOR})
class EnginesOnClassTest {
    private final EngineKind engine;

    EnginesOnClassTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void testsTakeTheEngineOfTheirObject(EngineKind same) {
        assertThat(same).isEqualTo(engine);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255})
    void soDoParameterizedTests(int x) {
        assertThat(EnginesTest.doubled(engine, x)).isEqualTo(2L * x);
    }
}
