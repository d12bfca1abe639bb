// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MatrixTile;
import dev.lutra.machine.MatrixTypes;
import dev.lutra.machine.RunError;
import dev.lutra.machine.WeightType;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.RegionException;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.junit.Engines;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the standard accelerator has to do in a simulation. In Icarus, registers are unknown until a reset or a write reaches them. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR})
final class AcceleratorTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int MEMORY = 64 << 20;
    private static final MemoryConfig PLAIN = MemoryConfig.of(MEMORY, 40);

    /** Of each engine, for all tests that leave it as they found it. */
    private static final Map<EngineKind, SimulatedDevice> STANDARD = new EnumMap<>(EngineKind.class);

    private final EngineKind engine;

    AcceleratorTest(EngineKind engine) {
        this.engine = engine;
    }

    @AfterAll
    static void close() {
        STANDARD.values().forEach(device -> device.device().close());
        STANDARD.clear();
    }

    private SimulatedDevice standard() {
        return STANDARD.computeIfAbsent(engine, kind -> SimulatedDevice.open(Machine.standard(), kind, PLAIN));
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void everyFormatPerRowAndPerGroup(WeightFormat format) {
        Product.random(format.ordinal(), format, 40, 100, 0, 1).check(standard().device());
        Product.random(format.ordinal(), format, 40, 100, 32, 1)
                .check(standard().device());
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void extremes(WeightFormat format) {
        Product.extreme(format, 17, 200, 0, false).check(standard().device());
        Product.extreme(format, 17, 200, 64, true).check(standard().device());
        Product.extreme(format, 16, 172, 32, false).check(standard().device());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, 1", // less than a step, less than a block
        "16, 16, 0, 1", // one step, one block
        "17, 15, 16, 1",
        "64, 172, 32, 1", // a short last group
        "344, 64, 32, 1",
        "33, 50, 0, 5", // more rows than the tile has
        "5, 9000, 0, 1", // the reduction does not fit an activation half
        "5, 9000, 128, 2",
    })
    void everyShape(int n, int k, int group, int rows) {
        Product.random(n + k, WeightFormat.INT4, n, k, group, rows)
                .check(standard().device());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void memoryTimingDoesNotChangeABit(long seed) {
        MemoryConfig slow = MemoryConfig.of(MEMORY, (int) (1 + 97 * seed % 200))
                .withBandwidth((int) (300 + 200 * seed))
                .withStalls(MemoryConfig.Stalls.uniform(seed, 200));
        try (Device device =
                SimulatedDevice.open(Machine.standard(), engine, slow).device()) {
            Product.random(seed, WeightFormat.INT4, 70, 150, 32, 2).check(device);
            Product.random(seed, WeightFormat.INT2, 100, 300, 0, 1).check(device);
        }
    }

    @ParameterizedTest
    @CsvSource({"SLVERR, true", "DECERR, true", "SLVERR, false"})
    void aMemoryErrorEndsTheRegionAndTheDeviceWorksAgain(MemoryFault.Kind kind, boolean reads) {
        Product product = Product.random(5, WeightFormat.INT4, 64, 200, 32, 1);
        for (int nth = 1; nth <= 3; nth++) {
            standard().memory().inject(new MemoryFault(kind, 0, MEMORY, reads, !reads, nth, 1));
            RunError expected = reads ? RunError.MEMORY_READ : RunError.MEMORY_WRITE;
            assertThatThrownBy(() -> product.run(standard().device()))
                    .isInstanceOfSatisfying(
                            RegionException.class, e -> assertThat(e.error()).isEqualTo(expected));
            standard().memory().clearFaults();
            product.check(standard().device());
        }
    }

    /** Each side of the tile and each type alone, as the machine does not have it. */
    @Test
    void tilesAndTypesItDoesNotHaveAreIllegalInstructions() {
        Product product = Product.random(7, WeightFormat.INT4, 64, 64, 32, 1);
        Engine e = Machine.standard().engine();
        MatrixTypes own = e.types(WeightType.INT4, false);
        List<MatrixTile> tiles = List.of(
                new MatrixTile(2, e.n(), e.step()),
                new MatrixTile(e.m(), 2 * e.n(), e.step()),
                new MatrixTile(e.m(), e.n(), e.step() - 1));
        List<MatrixTypes> types = List.of(
                new MatrixTypes(ActivationType.INT7, own.weights(), own.accumulatorBits(), false),
                new MatrixTypes(own.activations(), own.weights(), own.accumulatorBits() - 1, false));
        tiles.forEach(tile -> assertIllegal(product, standard().device(), tile, own));
        types.forEach(type -> assertIllegal(product, standard().device(), e.tile(), type));
        product.check(standard().device());
    }

    private static void assertIllegal(Product product, Device device, MatrixTile tile, MatrixTypes types) {
        assertThatThrownBy(() -> product.run(device, TIMEOUT, i -> with(i, tile, types)))
                .as("%s %s", tile, types)
                .isInstanceOfSatisfying(
                        RegionException.class, x -> assertThat(x.error()).isEqualTo(RunError.ILLEGAL_INSTRUCTION));
    }

    private static Instruction with(Instruction i, MatrixTile tile, MatrixTypes types) {
        return i instanceof Multiply x
                ? new Multiply(
                        x.tokens(),
                        x.aHalf(),
                        x.oHalf(),
                        x.first(),
                        x.last(),
                        tile,
                        types,
                        x.kSteps(),
                        x.gSteps(),
                        x.blocks(),
                        x.outputBeat())
                : i;
    }

    /** The watchdog's four million cycles take Icarus many minutes: there the host gives up before. */
    @Test
    void aMemoryThatNoLongerAnswersIsReportedAndAResetHelps() {
        SimulatedDevice simulated = SimulatedDevice.open(Machine.standard(), engine, PLAIN);
        Product product = Product.random(6, WeightFormat.INT4, 64, 200, 32, 1);
        boolean slow = engine == EngineKind.ICARUS;
        try (Device device = simulated.device()) {
            simulated.memory().inject(new MemoryFault(MemoryFault.Kind.HANG, 0, MEMORY, true, false, 2, 1));
            assertThatThrownBy(() -> product.run(device, Duration.ofSeconds(slow ? 10 : 300)))
                    .isInstanceOfSatisfying(
                            RegionException.class,
                            e -> assertThat(e.error()).isEqualTo(slow ? RunError.ABORTED : RunError.BUS_DEAD));
            simulated.memory().clearFaults();
            product.check(device);
        }
    }
}
