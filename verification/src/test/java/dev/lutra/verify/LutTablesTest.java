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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code lut-int} with tables that stay while columns move, and with tables of 8 bits, in the whole accelerator. */
class LutTablesTest {

    static List<Tables> tables() {
        return List.of(new Tables(5, false, 2), new Tables(5, true, 0), new Tables(0, true, 4));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void sumsAndCyclesAreThoseOfTheDefinition(Tables tables) {
        Engine s = Machine.standard().engine();
        var engine = new Engine(
                s.kind(), 2, 8, 3, 3, 8, !tables.stay(), 28, 30, s.packing(), 1, s.activations(), tables, false);
        var machine = new Machine(
                engine,
                new Bus(Bus.Kind.AXI4, 64, 32, 16, 4),
                new Buffers(4096, tables.stay() ? 0 : 256, 2048, 1024, 4096),
                2,
                true);
        EngineContract.check(machine, EngineKind.EMBEDDED, new Random(1));
    }

    static Stream<EngineSetup> ternary() {
        return EngineSetup.all().stream()
                .filter(setup -> !setup.machine().engine().tables().equals(Tables.REGISTERS))
                .filter(setup -> setup.name().contains("ternary"));
    }

    /** Deep runs write longer texts, of both models ({@link EngineTextTest}). */
    @ParameterizedTest
    @MethodSource("ternary")
    void aTernaryModelWritesWhatTheReferenceWrites(EngineSetup setup) {
        MemoryConfig memory = MemoryConfig.of(16 << 20, 40);
        try (Device device = SimulatedDevice.open(setup.machine(), EngineKind.EMBEDDED, memory)
                .device()) {
            GoldenText.POCKET_BITNET_TERNARY.writesWhatTheReferenceWrites(device, setup.quantization(), List.of(""), 3);
        }
    }
}
