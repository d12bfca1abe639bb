// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Engine;
import dev.lutra.machine.UserException;
import org.junit.jupiter.api.Test;

class EngineContractTest {
    @Test
    void theLutCoreFulfilsIt() {
        EngineContract.check(Engine.LUT_INT);
    }

    @Test
    void anEngineThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> EngineContract.check("systolic"))
                .isInstanceOf(UserException.class)
                .hasMessage("there is no engine 'systolic'");
    }
}
