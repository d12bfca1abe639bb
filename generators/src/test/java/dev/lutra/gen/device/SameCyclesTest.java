// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Machine;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The accelerator on an engine and on the embedded one: the same results, and by the same seed of the memory the same cycles of every
 * counter. In Icarus, registers are unknown until a reset or a write reaches them.
 */
@Engines(value = EngineKind.ICARUS, except = EngineKind.EMBEDDED)
final class SameCyclesTest {
    private final EngineKind engine;

    SameCyclesTest(EngineKind engine) {
        this.engine = engine;
    }

    @ParameterizedTest
    @CsvSource({"INT4, 40, 100, 32, 0", "TERNARY, 17, 60, 0, 250"})
    void runsAsInTheEmbeddedEngine(WeightFormat format, int n, int k, int group, int stalls) {
        MemoryConfig memory = MemoryConfig.of(16 << 20, 40).withStalls(MemoryConfig.Stalls.uniform(n, stalls));
        Product product = Product.random(n, format, n, k, group, 1);
        Product.Outcome outcome = run(engine, memory, product);
        assertThat(outcome.results()).isDeepEqualTo(product.expected());
        assertThat(outcome.counters())
                .isEqualTo(run(EngineKind.EMBEDDED, memory, product).counters());
    }

    private static Product.Outcome run(EngineKind engine, MemoryConfig memory, Product product) {
        SimulatedDevice device = SimulatedDevice.open(Machine.standard(), engine, memory);
        try (var open = device.device()) {
            return product.run(open);
        }
    }
}
