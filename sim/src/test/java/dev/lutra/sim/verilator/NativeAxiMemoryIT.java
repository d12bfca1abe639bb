// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.sim.AxiMemoryCases;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The memory on the native side. */
class NativeAxiMemoryIT extends AxiMemoryCases {
    private static final DesignSource PINS = Designs.axiPins();

    @BeforeAll
    static void tools() {
        Designs.needTools();
    }

    @Override
    protected Engine openPins() {
        return VerilatorEngine.open(PINS, VerilatorOptions.defaults());
    }

    @Override
    protected int port(String name) {
        return Designs.port(PINS, name);
    }

    @Test
    void contentsStayUsableAfterClose() {
        AxiMemory memory;
        try (Engine engine = openPins()) {
            memory = engine.attachMemory(Designs.axi(PINS, 8), MemoryConfig.of(1 << 20, 1));
        }
        memory.contents().putLong(1 << 19, 5);
        assertThat(memory.contents().getLong(1 << 19)).isEqualTo(5);
        assertThatThrownBy(memory::statistics).isInstanceOf(SimulationException.class);
    }
}
