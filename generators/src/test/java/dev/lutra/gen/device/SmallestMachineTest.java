// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smallest machine, reached over its serial line. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR})
final class SmallestMachineTest {
    private final EngineKind engine;

    SmallestMachineTest(EngineKind engine) {
        this.engine = engine;
    }

    @ParameterizedTest
    @CsvSource({
        "INT1, 40, 100, 1",
        "TERNARY, 33, 60, 3", // one activation chunk after another
        "INT4, 70, 64, 1", // more blocks than an output half holds
        "INT2, 9, 1200, 1", // the reduction does not fit an activation half
        "INT8, 1, 1, 2",
    })
    void multiplies(WeightFormat format, int n, int k, int rows) {
        try (Device device = Device.over(Machine.smallest(), new SerialLink(Machine.smallest(), engine))) {
            Product random = Product.random(n + k, format, n, k, 0, rows);
            assertThat(random.run(device).results()).isDeepEqualTo(random.expected());
        }
        try (Device device = Device.over(Machine.smallest(), new SerialLink(Machine.smallest(), engine))) {
            Product extreme = Product.extreme(format, n, Math.min(k, 100), 0, true);
            assertThat(extreme.run(device).results()).isDeepEqualTo(extreme.expected());
        }
    }
}
