// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import org.junit.jupiter.api.Test;

/** Elaboration of many equal modules. */
class ElaborationScalesTest {
    @Test
    void manyInstancesOneDefinition() {
        var circuit = Circuit.of(() -> new SystolicArray(new SystolicArray.Params(64, 8, 32)))
                .circuit();
        assertThat(circuit.modules()).hasSize(2);
        assertThat(circuit.top().instances()).hasSize(4096);
        assertThat(circuit.top().instances().get(4095).name()).isEqualTo("pe_63_63");
        assertThat(circuit.modules().get(0).registers()).hasSize(3);
    }
}
