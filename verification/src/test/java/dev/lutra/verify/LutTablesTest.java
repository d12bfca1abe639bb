// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tables;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code lut-int} with tables that stay while columns move, with tables of 8 bits and with its other options, in the whole accelerator; in deep runs in every simulator. */
@Engines
class LutTablesTest {
    private final EngineKind simulator;

    LutTablesTest(EngineKind simulator) {
        this.simulator = simulator;
    }

    /** Tables that stay, rounded too, and for ternary weights of five trits in a byte; rounded ones in registers; a precompute per unit, of INT16 too; FP16 in rows of several beats, two in a beat, and with packed weights. */
    static List<Engine> engines() {
        return List.of(
                engine(2, 3, 3, 8, 1, ActivationType.INT8, new Tables(5, false, 2), false),
                engine(2, 3, 3, 8, 1, ActivationType.INT8, new Tables(5, true, 0), false),
                engine(1, 4, 2, 2, 2, ActivationType.INT8, new Tables(5, false, 0), true),
                engine(2, 3, 3, 8, 1, ActivationType.INT8, new Tables(0, true, 4), false),
                engine(1, 4, 2, 4, 1, ActivationType.INT16, new Tables(0, false, 2), false),
                engine(2, 3, 3, 4, 1, ActivationType.FP16, new Tables(0, false, 2), false),
                engine(2, 2, 1, 4, 4, ActivationType.FP16, Tables.REGISTERS, false),
                engine(4, 4, 2, 2, 2, ActivationType.FP16, Tables.REGISTERS, true));
    }

    private static Engine engine(
            int m, int g, int t, int maxBits, int planes, ActivationType type, Tables tables, boolean packedTernary) {
        var packing = Machine.standard().engine().packing();
        return new Engine(
                Engine.LUT_INT,
                m,
                8,
                g,
                t,
                maxBits,
                !tables.stay(),
                30,
                32,
                packing,
                planes,
                type,
                tables,
                packedTernary,
                false);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void sumsAndCyclesAreThoseOfTheDefinition(Engine engine) {
        var machine = new Machine(
                engine,
                new Bus(Bus.Kind.AXI4, 64, 32, 16, 4),
                new Buffers(4096, engine.groupScales() ? 256 : 0, 2048, 1024, 4096),
                2,
                true);
        EngineContract.check(machine, simulator, new Random(1));
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
        assumeTrue(simulator == EngineKind.EMBEDDED, "texts on other simulators are those of EngineTextTest");
        MemoryConfig memory = MemoryConfig.of(16 << 20, 40);
        try (Device device =
                SimulatedDevice.open(setup.machine(), simulator, memory).device()) {
            GoldenText.POCKET_BITNET_TERNARY.writesWhatTheReferenceWrites(device, setup.quantization(), List.of(""), 3);
        }
    }
}
