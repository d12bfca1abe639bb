// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import dev.lutra.map.SharedModels;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.Int8Row;
import dev.lutra.map.forward.QuantizedLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutlierRowsTest {

    /** A quarter of 12: the 8, the -7, and of the two of magnitude 5 the first by rows. */
    @Test
    void takesTheGreatestAndOfEqualsTheFirst() {
        var matrix = new ArrayMatrix(3, 4, new float[] {1, -7, 0, -5, 2, 3, -4, 4, 5, 0, 8, 1});
        OutlierRows outliers = OutlierRows.of(matrix, 25);
        assertThat(outliers.rest().toArray()).containsExactly(1, 0, 0, 0, 2, 3, -4, 4, 5, 0, 0, 1);
        assertThat(outliers.count()).isEqualTo(3);
        assertThat(outliers.bytes()).isEqualTo(3 * 4 + 3 * 8);
        int[] activations = {1, 10, 100, -100};
        // codes of row 0: 7 is 32767, 5 is 23405
        long[] sums = {0, -32767 * 10 + 23405 * 100, 0, 32767 * 100};
        for (int row = 0; row < 3; row++) {
            assertThat(outliers.sum(row, activations)).isEqualTo(sums[1 + row]);
        }
        float[] results = {9, 1, 2, 3};
        outliers.add(sums, 0.5f, results, 1);
        assertThat(results)
                .containsExactly(
                        9,
                        1 + (float) (-32767 * 10 + 23405 * 100) * (0.5f * (7f / 32767)),
                        2,
                        3 + 3276700f * (0.5f * (8f / 32767)));
    }

    /** The same ones as sorting finds, of numbers that share the upper half of their bits, too. */
    @Test
    void theyAreThoseThatSortingFinds() {
        var random = new Random(5);
        float[] values = new float[40 * 30];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextInt(4) == 0 ? 1 + random.nextInt(50) * 1e-6f : (float) random.nextGaussian());
        }
        Float[] sorted = new Float[values.length];
        for (int i = 0; i < values.length; i++) sorted[i] = Math.abs(values[i]);
        Arrays.sort(sorted, Comparator.reverseOrder());
        for (double percent : new double[] {0.1, 1, 20, 50}) {
            OutlierRows outliers = OutlierRows.of(new ArrayMatrix(40, 30, values), percent);
            float[] rest = outliers.rest().toArray();
            int taken = 0;
            float least = Float.MAX_VALUE;
            float most = 0;
            for (int i = 0; i < rest.length; i++) {
                if (rest[i] != values[i]) {
                    taken++;
                    least = Math.min(least, Math.abs(values[i]));
                } else {
                    most = Math.max(most, Math.abs(rest[i]));
                }
            }
            assertThat(taken).isEqualTo(outliers.count()).isEqualTo((int) Math.round(percent * 12));
            assertThat(least).isEqualTo(sorted[taken - 1]).isGreaterThanOrEqualTo(most);
        }
    }

    /** Every result is that of the codes plus that of the outliers, in all matrices of a region that are stacked. */
    @Test
    void aLayersResultsAreThoseOfBoth() {
        LlamaModel model =
                Checkpoint.open(SharedModels.directory("stories260K")).model();
        var how = new Quantization(WeightFormat.INT3, 0, Quantization.Head.INT8).withOutliers(0.45);
        var quantized = new QuantizedModel(model, how);
        var random = new Random(6);
        for (Region region : Region.OF_A_LAYER) {
            float[] x = new float[region.inputs(model.config())];
            for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
            Int8Row row = Int8Row.of(x);
            long[] sums = ReferenceBackend.multiply(quantized.matrix(region, 2), new byte[][] {row.values()})[0];
            float[] y = new QuantizedLinears(quantized, new ReferenceBackend(quantized))
                    .apply(region, 2, new float[][] {x})[0];
            int n = 0;
            for (WeightMatrix matrix : model.matrices(region, 2)) {
                OutlierRows apart = OutlierRows.of(matrix, 0.45);
                float[] added = new float[matrix.rows()];
                int[] activations = row.integers(how.activations());
                long[] apartSums = IntStream.range(0, added.length)
                        .mapToLong(r -> apart.sum(r, activations))
                        .toArray();
                apart.add(apartSums, row.scale(), added, 0);
                for (int r = 0; r < added.length; r++, n++) {
                    float dense = (float) sums[n]
                            * (row.scale() * quantized.matrix(region, 2).rowScale(n));
                    assertThat(y[n]).as("%s %d", region, n).isEqualTo(dense + added[r]);
                }
            }
        }
        assertThat(quantized.outliers().exist()).isTrue();
        assertThat(new Outliers(model, 0).exist()).isFalse();
    }

    @Test
    void ternaryModelsHaveNone() {
        LlamaModel model =
                Checkpoint.open(SharedModels.directory("pocket-bitnet")).model();
        var how = new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8).withOutliers(1);
        assertThatThrownBy(() -> new QuantizedModel(model, how))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is ternary: no weight is an outlier");
    }
}
