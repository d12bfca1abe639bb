// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The array against the matrix product by its definition. */
@Engines
class SystolicArrayTest {
    private final EngineKind engine;

    SystolicArrayTest(EngineKind engine) {
        this.engine = engine;
    }

    /** 18 bits are too few for 40 products of 8 bits: the sums wrap. */
    @ParameterizedTest
    @CsvSource({"1, 1, 32", "2, 5, 32", "3, 7, 32", "4, 40, 18", "8, 3, 32"})
    void multipliesMatrices(int n, int k, int accumulatorBits) {
        var params = new SystolicArray.Params(n, 8, accumulatorBits);
        var design = Circuit.of(() -> new SystolicArray(params));
        var random = new Random(n);
        try (var simulator = Tool.open(engine, design)) {
            var array = design.top();
            simulator.reset(1);
            for (int product = 0; product < 2; product++) {
                int[][] a = random.ints(n, 0, 1)
                        .mapToObj(i -> random.ints(k, -128, 128).toArray())
                        .toArray(int[][]::new);
                int[][] b = random.ints(k, 0, 1)
                        .mapToObj(i -> random.ints(n, -128, 128).toArray())
                        .toArray(int[][]::new);
                if (product == 1) { // the most negative product, all along
                    for (int[] row : a) {
                        Arrays.fill(row, -128);
                    }
                    for (int[] row : b) {
                        Arrays.fill(row, -128);
                    }
                }
                simulator.poke(array.enable, 1);
                simulator.poke(array.clear, 1);
                simulator.step(1);
                simulator.poke(array.clear, 0);
                for (int cycle = 0; cycle < params.cycles(k); cycle++) {
                    for (int i = 0; i < n; i++) {
                        int at = cycle - i;
                        boolean now = at >= 0 && at < k;
                        simulator.poke(array.a.get(i), now ? a[i][at] : 0);
                        simulator.poke(array.b.get(i), now ? b[at][i] : 0);
                    }
                    simulator.step(1);
                }
                simulator.poke(array.enable, 0);
                simulator.step(3);
                for (int i = 0; i < n; i++) {
                    simulator.poke(array.row, i);
                    for (int j = 0; j < n; j++) {
                        long sum = 0;
                        for (int t = 0; t < k; t++) {
                            sum += (long) a[i][t] * b[t][j];
                        }
                        int unused = Long.SIZE - accumulatorBits;
                        assertThat(simulator.peek(array.sums.get(j)))
                                .as("C[%d][%d] of product %d", i, j, product)
                                .isEqualTo(sum << unused >> unused);
                    }
                }
            }
        }
    }
}
