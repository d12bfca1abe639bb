// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.RunError;
import dev.lutra.machine.Unit;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.RegionException;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a simulated accelerator has to do, whichever engine simulates it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AcceleratorContract {

    private static final int MEMORY = 64 << 20;
    private static final MemoryConfig PLAIN = MemoryConfig.of(MEMORY, 40);

    private final List<SimulatedDevice> opened = new ArrayList<>();
    private SimulatedDevice standard;

    abstract EngineKind engine();

    @BeforeAll
    void openStandard() {
        standard = open(Machine.standard(), PLAIN);
    }

    @AfterAll
    void closeAll() {
        opened.forEach(device -> device.device().close());
    }

    SimulatedDevice open(Machine machine, MemoryConfig config) {
        SimulatedDevice device = SimulatedDevice.open(machine, engine(), config);
        opened.add(device);
        return device;
    }

    private static Machine machine(int m, int n, int t, int busBits) {
        Machine s = Machine.standard();
        Engine e = s.engine();
        return new Machine(
                new Engine(e.kind(), m, n, e.g(), t, e.maxBits(), e.groupScales(), e.innerBits(), e.outerBits()),
                new Bus(Bus.Kind.AXI4, busBits, 32, Math.min(64, 4096 / (busBits / 8)), 4),
                s.buffers(),
                s.queueDepth(),
                true);
    }

    private static Product.Outcome check(Device device, Product product) {
        Product.Outcome outcome = product.run(device);
        assertThat(outcome.results()).isDeepEqualTo(product.expected());
        assertThat(outcome.counters().busy().get(Unit.MX)).isEqualTo(product.computeCycles(device.machine()));
        return outcome;
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void everyFormatPerRowAndPerGroup(WeightFormat format) {
        check(standard.device(), Product.random(format.ordinal(), format, 40, 100, 0, 1));
        check(standard.device(), Product.random(format.ordinal(), format, 40, 100, 32, 1));
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    void extremes(WeightFormat format) {
        check(standard.device(), Product.extreme(format, 17, 200, 0, false));
        check(standard.device(), Product.extreme(format, 17, 200, 64, true));
        check(standard.device(), Product.extreme(format, 16, 172, 32, false));
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
        check(standard.device(), Product.random(n + k, WeightFormat.INT4, n, k, group, rows));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 16, 4, 128, 1",
        "2, 16, 4, 128, 3",
        "4, 8, 2, 64, 4",
        "4, 8, 2, 64, 9",
        "1, 16, 4, 256, 2",
        "1, 4, 4, 32, 2",
    })
    void everyMachine(int m, int n, int t, int busBits, int rows) {
        Device device = open(machine(m, n, t, busBits), PLAIN).device();
        check(device, Product.random(7, WeightFormat.INT3, 50, 90, 0, rows));
        check(device, Product.random(8, WeightFormat.TERNARY, 21, 200, 32, rows));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void memoryTimingDoesNotChangeABit(long seed) {
        MemoryConfig slow = MemoryConfig.of(MEMORY, (int) (1 + 97 * seed % 200))
                .withBandwidth((int) (300 + 200 * seed))
                .withStalls(MemoryConfig.Stalls.uniform(seed, 200));
        Device device = open(Machine.standard(), slow).device();
        check(device, Product.random(seed, WeightFormat.INT4, 70, 150, 32, 2));
        check(device, Product.random(seed, WeightFormat.INT2, 100, 300, 0, 1));
    }

    @ParameterizedTest
    @CsvSource({"SLVERR, true", "DECERR, true", "SLVERR, false"})
    void aMemoryErrorEndsTheRegionAndTheDeviceWorksAgain(MemoryFault.Kind kind, boolean reads) {
        Product product = Product.random(5, WeightFormat.INT4, 64, 200, 32, 1);
        for (int nth = 1; nth <= 3; nth++) {
            standard.memory().inject(new MemoryFault(kind, 0, MEMORY, reads, !reads, nth, 1));
            RunError expected = reads ? RunError.MEMORY_READ : RunError.MEMORY_WRITE;
            assertThatThrownBy(() -> product.run(standard.device()))
                    .isInstanceOfSatisfying(
                            RegionException.class, e -> assertThat(e.error()).isEqualTo(expected));
            standard.memory().clearFaults();
            check(standard.device(), product);
        }
    }

    @Test
    void aMemoryThatNoLongerAnswersIsReportedAndAResetHelps() {
        SimulatedDevice device = open(Machine.standard(), PLAIN);
        Product product = Product.random(6, WeightFormat.INT4, 64, 200, 32, 1);
        device.memory().inject(new MemoryFault(MemoryFault.Kind.HANG, 0, MEMORY, true, false, 2, 1));
        assertThatThrownBy(() -> product.run(device.device()))
                .isInstanceOfSatisfying(
                        RegionException.class, e -> assertThat(e.error()).isEqualTo(RunError.BUS_DEAD));
        device.memory().clearFaults();
        check(device.device(), product);
    }

    @ParameterizedTest
    @CsvSource({
        "INT1, 40, 100, 1",
        "TERNARY, 33, 60, 3", // one activation chunk after another
        "INT4, 70, 64, 1", // more blocks than an output half holds
        "INT2, 9, 1200, 1", // the reduction does not fit an activation half
        "INT8, 1, 1, 2",
    })
    void theSmallestMachineOverItsSerialLine(WeightFormat format, int n, int k, int rows) {
        try (Device device = Device.over(Machine.smallest(), new SerialLink(Machine.smallest(), engine()))) {
            Product random = Product.random(n + k, format, n, k, 0, rows);
            assertThat(random.run(device).results()).isDeepEqualTo(random.expected());
        }
        try (Device device = Device.over(Machine.smallest(), new SerialLink(Machine.smallest(), engine()))) {
            Product extreme = Product.extreme(format, n, Math.min(k, 100), 0, true);
            assertThat(extreme.run(device).results()).isDeepEqualTo(extreme.expected());
        }
    }
}
