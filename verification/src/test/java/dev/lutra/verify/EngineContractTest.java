// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In deep runs in every simulator. */
@Engines
class EngineContractTest {
    private final EngineKind simulator;

    EngineContractTest(EngineKind simulator) {
        this.simulator = simulator;
    }

    /** Every engine that is there; one that is added is checked without a word here. */
    static List<String> engines() {
        return TestedEngines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void everyEngineFulfilsIt(String engine) {
        EngineContract.check(engine, simulator);
    }

    @Test
    void anEngineThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> EngineContract.check("systolic"))
                .isInstanceOf(UserException.class)
                .hasMessage("there is no engine 'systolic'");
    }
}
