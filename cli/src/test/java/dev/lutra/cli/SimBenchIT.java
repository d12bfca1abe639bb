// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulators;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "some minutes; ./lutra test --deep")
class SimBenchIT {
    @Test
    void allEnginesAndTheNativeLoopAgree() {
        EngineKind.VERILATOR.missing().ifPresent(why -> assumeTrue(false, why));
        var rows = new ArrayList<SimBench.Row>();
        SimBench.measure(List.of(new BenchDesign.Name(3), new BenchDesign.Name(null)), 0.2, step -> {}, rows::add);
        assertThat(rows).extracting(SimBench.Row::engine).startsWith("native", "embedded", "verilator");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.cyclesPerCpuSecond()).isGreaterThan(1000);
            assertThat(row.firstCycle()).isPositive();
            assertThat(row.firstCycleCached()).isPositive();
        });
    }

    /** The recorded inputs of the accelerator make it work every time they are given to it. */
    @Test
    void theAcceleratorWorksInEachBlock() {
        var name = new BenchDesign.Name(null);
        LongBuffer stimulus =
                BenchDesign.stimulus(name).order(ByteOrder.nativeOrder()).asLongBuffer();
        BenchDesign design = BenchDesign.of(name);
        int rows = stimulus.capacity() / design.stimulusWords();
        long[] requests = new long[3];
        try (var simulator = Simulators.embedded(design.design())) {
            simulator.reset(2);
            var batch = simulator.batch(design.inputs(), design.outputs(), rows);
            batch.stimulus().put(0, stimulus, 0, stimulus.capacity());
            int arvalid = 8;
            for (int block = 0; block < requests.length; block++) {
                batch.run(rows);
                for (int row = 0; row < rows; row++) {
                    requests[block] += batch.get(row, arvalid);
                }
            }
        }
        assertThat(requests[0]).isGreaterThan(50);
        assertThat(Arrays.stream(requests).distinct().toArray())
                .as("cycles with a request")
                .hasSize(1);
    }
}
