// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.AxiMemoryCases;
import dev.lutra.sim.AxiPins;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.SimulationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The native memory inside vvp. */
class IcarusAxiMemoryIT extends AxiMemoryCases {
    private static final dev.lutra.hdl.ir.Circuit PINS =
            Circuit.of(AxiPins::new).circuit();

    @BeforeAll
    static void tools() {
        EngineKind.ICARUS.missing().ifPresent(why -> assumeTrue(false, "skipped: " + why));
    }

    @Override
    protected Engine openPins() {
        return IcarusEngine.open(PINS, IcarusOptions.defaults());
    }

    @Override
    protected int port(String name) {
        for (int i = 0; i < PINS.top().ports().size(); i++) {
            if (PINS.top().ports().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }

    @Test
    void contentsStayUsableAfterClose() {
        AxiMemory memory;
        try (Engine engine = openPins()) {
            memory = engine.attachMemory(axi(), MemoryConfig.of(1 << 20, 1));
        }
        memory.contents().putLong(1 << 19, 5);
        assertThat(memory.contents().getLong(1 << 19)).isEqualTo(5);
        assertThatThrownBy(memory::statistics).isInstanceOf(SimulationException.class);
    }
}
