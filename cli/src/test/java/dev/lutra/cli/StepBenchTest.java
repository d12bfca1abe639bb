// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.verify.RandomDecoder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Steps of a small model are right to the bit, and none is faster than its ceiling. */
class StepBenchTest {
    private static final LlamaConfig SMALL =
            new LlamaConfig(32, 48, 2, 4, 2, 8, 32, 16, 10_000, RopePairing.HALF_SPLIT, 1e-5f, false, 1, List.of());

    private static StepCase small(KvFormat kv) {
        return new StepCase(
                "small",
                "int4 g32",
                () -> new QuantizedModel(
                        RandomDecoder.of("small", SMALL, false, 5),
                        new Quantization(WeightFormat.INT4, 32, Quantization.Head.INT8).withKv(kv)),
                StepCase.machine(64, 16, 4, 8192, 1024, 8),
                MemoryConfig.of(1, 40),
                List.of(0, 3));
    }

    @Test
    void stepsAreRightAndBelowTheirCeiling() {
        var rows = StepBench.measure(
                Stream.of(KvFormat.FLOAT, KvFormat.INT8, KvFormat.FP16)
                        .map(StepBenchTest::small)
                        .toList(),
                EngineKind.EMBEDDED,
                step -> {});
        assertThat(rows).hasSize(6);
        for (StepBench.Row row : rows) {
            assertThat(row.fraction()).isBetween(0.2, 1.0);
            assertThat(row.busy(Unit.VEC)).isPositive();
        }
        // a block of 16 positions, three of which there are, of two layers with key and value of two heads of 8
        // binary32 each, and what a loop over blocks waits for
        assertThat(rows.get(1).counters().bytesRead() - rows.get(0).counters().bytesRead())
                .isEqualTo(16 * 2 * 2 * 2 * 8 * 4);
        // bytes in place of them, and scales, each twice to fill a row
        assertThat(rows.get(3).counters().bytesRead() - rows.get(2).counters().bytesRead())
                .isEqualTo(16 * 2 * 2 * (2 * 8 + 2 * 2 * 4));
        assertThat(rows.get(3).ceiling().bytesRead() - rows.get(2).ceiling().bytesRead())
                .isEqualTo(3 * 2 * 2 * (2 * 8 + 2 * 2 * 4));
        // half of that of binary32
        assertThat(rows.get(5).counters().bytesRead() - rows.get(4).counters().bytesRead())
                .isEqualTo(16 * 2 * 2 * 2 * 8 * 2);
        assertThat(rows.get(5).ceiling().bytesRead() - rows.get(4).ceiling().bytesRead())
                .isEqualTo(3 * 2 * 2 * 2 * 8 * 2);
        assertThat(StepBench.table(rows)).contains("small").contains("memory").contains(" VEC 4,");
        assertThat(StepBench.json(rows.get(1))).containsEntry("position", 3).containsEntry("bound", "memory");
    }

    @Test
    void onlySimulatorsAreTaken() {
        assertThat(StepBench.simulator("sim:icarus")).isEqualTo(EngineKind.ICARUS);
        for (String other : List.of("sim:embedded?latency=3", "sim:quick", "uart:/dev/null")) {
            assertThatThrownBy(() -> StepBench.simulator(other))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(other);
        }
    }
}
