// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EngineContractTest {
    /** Every engine that is there; one that is added is checked without a word here. */
    static List<String> engines() {
        return MatrixEngines.all().stream().map(MatrixEngine::name).toList();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void everyEngineFulfilsIt(String engine) {
        EngineContract.check(engine);
    }

    @Test
    void anEngineThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> EngineContract.check("systolic"))
                .isInstanceOf(UserException.class)
                .hasMessage("there is no engine 'systolic'");
    }
}
