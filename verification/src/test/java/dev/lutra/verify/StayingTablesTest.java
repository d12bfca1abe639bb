// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tables;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code lut-int} with tables that stay while columns move, in the whole accelerator. */
class StayingTablesTest {

    @Test
    void sumsAndCyclesAreThoseOfTheDefinition() {
        var engine = new Engine(
                Engine.LUT_INT,
                2,
                8,
                3,
                3,
                8,
                false,
                28,
                30,
                Machine.standard().engine().packing(),
                1,
                Machine.standard().engine().activations(),
                new Tables(5),
                false);
        var machine = new Machine(
                engine, new Bus(Bus.Kind.AXI4, 64, 32, 16, 4), new Buffers(4096, 0, 2048, 1024, 4096), 2, true);
        EngineContract.check(machine, EngineKind.EMBEDDED, new Random(1));
    }

    /** Deep runs write longer texts, of both models ({@link EngineTextTest}). */
    @Test
    void aTernaryModelWritesWhatTheReferenceWrites() {
        EngineSetup setup = EngineSetup.all().stream()
                .filter(s -> s.name().equals("lut-int, tables stay, ternary A8"))
                .findFirst()
                .orElseThrow();
        MemoryConfig memory = MemoryConfig.of(16 << 20, 40);
        try (Device device = SimulatedDevice.open(setup.machine(), EngineKind.EMBEDDED, memory)
                .device()) {
            GoldenText.POCKET_BITNET_TERNARY.writesWhatTheReferenceWrites(
                    device, setup.quantization(), List.of("Once"), 4);
        }
    }
}
