// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.quant.ArrayMatrix;
import dev.lutra.map.quant.Quantizer;
import dev.lutra.map.quant.WeightFormat;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Every kernel of this JVM against the sum it stands for. Without jdk.incubator.vector only the scalar ones are seen. */
class HostProductTest {

    @Property(tries = 100)
    void equalsTheDirectSum(
            @ForAll @IntRange(min = 0, max = 8) int bits, // 0: ternary
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 700) int cols,
            @ForAll @IntRange(min = 0, max = 150) int group,
            @ForAll boolean zeroPoints,
            @ForAll @IntRange(min = 0, max = 2) int extreme,
            @ForAll long seed) {
        Random random = new Random(seed);
        check(random(random, bits, rows, cols, group, zeroPoints, extreme), activations(random, cols, extreme));
    }

    /** Columns of one group beyond every partial sum: segments, stages and 32 bits. */
    @Test
    void longRowsOfTheLargestValuesDoNotOverflow() {
        Random random = new Random(7);
        for (int bits : new int[] {1, 8}) {
            for (int extreme = 1; extreme <= 2; extreme++) {
                check(random(random, bits, 3, 35_001, 0, true, extreme), activations(random, 35_001, extreme));
                check(random(random, bits, 17, 1500, 1499, true, extreme), activations(random, 1500, extreme));
            }
        }
    }

    /** The codes of each format of the mapper. */
    @Test
    void quantisedMatricesGiveTheSumsOfTheReference() {
        Random random = new Random(3);
        float[] values = new float[21 * 173];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        byte[] a = activations(random, 173, 0);
        for (WeightFormat format : WeightFormat.values()) {
            for (int group : new int[] {0, 16, 32, 43}) {
                var quantised = Quantizer.quantize(new ArrayMatrix(21, 173, values), format, group);
                long[] expected = ReferenceBackend.multiply(quantised, new byte[][] {a})[0];
                for (HostKernels kernels : HostKernels.all()) {
                    PlaneMatrix planes = PlaneMatrix.of(quantised);
                    assertThat(kernels.lookup(planes).multiply(a))
                            .as("%s in groups of %d, %s", format, group, kernels.name())
                            .isEqualTo(expected);
                    assertThat(kernels.dot(planes).multiply(a)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void theVectorKernelsAreUsedWhereTheModuleIs() {
        boolean there = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertThat(HostKernels.vector() != null).isEqualTo(there);
        assumeTrue(there, "this JVM runs without --add-modules jdk.incubator.vector: only scalar kernels are tested");
        assertThat(HostKernels.best().name()).contains("vectors of");
    }

    @Test
    void refusesWhatIsNoMatrix() {
        assertThatThrownBy(() -> new PlaneMatrix(1, 2, 3, 1, 2, new byte[] {1, 8}, new short[1], new byte[1]))
                .hasMessageContaining("code [0][1] = 8 has more than 3 bits");
        assertThatThrownBy(() -> new PlaneMatrix(1, 2, 3, 1, 1, new byte[2], new short[1], new byte[1]))
                .hasMessageContaining("2 codes, 1 offsets and 1 scales");
        assertThatThrownBy(() -> new PlaneMatrix(1, 1, 3, 1, 1, new byte[1], new short[] {256}, new byte[1]))
                .hasMessageContaining("offset 256");
        var one = new PlaneMatrix(1, 2, 8, 1, 2, new byte[] {(byte) 255, 0}, new short[1], new byte[1]);
        for (HostKernels kernels : HostKernels.all()) {
            assertThatThrownBy(() -> kernels.lookup(one).multiply(new byte[3]))
                    .hasMessageContaining("3 activations for 2 inputs");
            assertThatThrownBy(() -> kernels.dot(one)).hasMessageContaining("weight 255 is no INT8");
        }
    }

    private static void check(PlaneMatrix matrix, byte[] activations) {
        long[] expected = new long[matrix.rows()];
        int least = 0;
        int most = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            for (int col = 0; col < matrix.cols(); col++) {
                int w = matrix.weight(row, col);
                least = Math.min(least, w);
                most = Math.max(most, w);
                expected[row] += (long) matrix.scale(row, col / matrix.groupSize()) * activations[col] * w;
            }
        }
        for (HostKernels kernels : HostKernels.all()) {
            assertThat(kernels.lookup(matrix).multiply(activations))
                    .as("lookup, %s", kernels.name())
                    .isEqualTo(expected);
            if (least >= -128 && most <= 127) {
                assertThat(kernels.dot(matrix).multiply(activations))
                        .as("dot, %s", kernels.name())
                        .isEqualTo(expected);
            }
        }
    }

    private static byte[] activations(Random random, int cols, int extreme) {
        byte[] a = new byte[cols];
        for (int i = 0; i < cols; i++) {
            a[i] = (byte) pick(random, -127, 127, extreme);
        }
        return a;
    }

    private static PlaneMatrix random(
            Random random, int bits, int rows, int cols, int group, boolean zeroPoints, int extreme) {
        int planes = bits == 0 ? 2 : bits;
        int size = group == 0 ? cols : group;
        int largest = bits == 0 ? 2 : (1 << planes) - 1;
        byte[] codes = new byte[rows * cols];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) pick(random, 0, largest, extreme == 2 ? 3 : extreme);
        }
        short[] offsets = new short[rows * ((cols + size - 1) / size)];
        byte[] scales = new byte[offsets.length];
        Arrays.fill(offsets, (short) (bits == 0 || bits == 1 ? 1 : 1 << planes - 1));
        for (int i = 0; i < offsets.length; i++) {
            if (zeroPoints) {
                offsets[i] = (short) pick(random, 0, (1 << planes) - 1, extreme);
            }
            scales[i] = (byte) (group == 0 ? 1 : pick(random, 0, 255, extreme == 2 ? 3 : extreme));
        }
        return new PlaneMatrix(rows, cols, planes, bits == 1 ? 2 : 1, size, codes, offsets, scales);
    }

    /** 0: uniform; 1: one of the ends; 2: always the lower end; 3: always the upper. */
    private static int pick(Random random, int min, int max, int extreme) {
        return switch (extreme) {
            case 0 -> min + random.nextInt(max - min + 1);
            case 1 -> random.nextBoolean() ? min : max;
            case 2 -> min;
            default -> max;
        };
    }
}
