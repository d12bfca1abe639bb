// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.ActivationType;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IntegerPathTest {
    @Test
    void activationsRoundToEvenAndStayWithin127() {
        Int8Row row = Int8Row.of(new float[] {127, -127, 0.5f, 1.5f, 2.5f, -2.5f, 126.6f});
        assertThat(row.scale()).isEqualTo(1f);
        assertThat(row.values()).containsExactly(127, -127, 0, 2, 2, -2, 127);
        assertThat(Int8Row.of(new float[] {0, -0f}).values()).containsExactly(0, 0);
        assertThat(Int8Row.of(new float[] {0, 5e-6f}).values()).containsExactly(0, 64);
        assertThat(Int8Row.of(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}).values())
                .containsExactly(127, -127);
        assertThatThrownBy(() -> Int8Row.of(new float[] {1, Float.NaN})).isInstanceOf(ArithmeticException.class);
    }

    /** Ties, subnormal numbers, both zeros and the largest one; integers count 2^(X-29). */
    @Test
    void halvesAreRoundedOnceAndCountUnderTheirGreatestExponent() {
        float[] x = {
            1,
            -1,
            0x1.002p0f,
            0x1.006p0f,
            0x1p-24f,
            0x1p-25f,
            0x1.8p-25f,
            0,
            -0f,
            0x1p-14f,
            0x3.ffp-16f,
            0x1p-15f,
            0x1.8p-14f
        };
        Int8Row row = Int8Row.of(x, ActivationType.FP16);
        assertThat(bits(row.values()))
                .containsExactly(0x3C00, 0xBC00, 0x3C00, 0x3C02, 1, 0, 1, 0, 0x8000, 0x400, 0x3FF, 0x200, 0x600);
        assertThat(row.scale()).isEqualTo(0x1p-14f);
        // under the exponent of 1: 2^14, and RNE of 2^-10, 1, 1023/1024, 1/2 and 3/2
        byte[][] integers = HalfRow.integers(new byte[][] {row.values()});
        assertThat(signed(integers[0])).containsExactly(16384, -16384, 16384, 16416, 0, 0, 0, 0, 0, 1, 1, 0, 2);
        Int8Row largest = Int8Row.of(new float[] {65519, -65504, 48, 16, 80}, ActivationType.FP16);
        assertThat(largest.scale()).isEqualTo(2);
        assertThat(signed(HalfRow.integers(new byte[][] {largest.values()})[0]))
                .containsExactly(32752, -32752, 24, 8, 40);
        Int8Row small = Int8Row.of(new float[] {0x1p-24f, 0x1.8p-15f}, ActivationType.FP16);
        assertThat(small.scale()).isEqualTo(0x1p-28f);
        assertThat(signed(HalfRow.integers(new byte[][] {small.values()})[0])).containsExactly(16, 12288);
        for (float none : new float[] {65520, -65520, Float.NaN, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> Int8Row.of(new float[] {1, none}, ActivationType.FP16))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("an activation is " + none);
        }
    }

    private static int[] signed(byte[] row) {
        return IntStream.range(0, row.length / 2)
                .map(i -> ActivationType.at(row, 2 * i, 2))
                .toArray();
    }

    private static int[] bits(byte[] row) {
        return Arrays.stream(signed(row)).map(half -> half & 0xFFFF).toArray();
    }

    @Property(tries = 100)
    void accumulatorsAreTheExactSums(
            @ForAll WeightFormat format,
            @ForAll @IntRange(min = 0, max = 9) int groupSize,
            @ForAll @IntRange(min = 1, max = 30) int cols,
            @ForAll long seed) {
        Random random = new Random(seed);
        byte[] codes = new byte[3 * cols];
        for (int i = 0; i < codes.length; i++) {
            int code = random.nextInt(2 * format.maxCode() + 1) - format.maxCode();
            codes[i] = (byte) (format.isCode(code) ? code : 1);
        }
        byte[] scales = new byte[groupSize == 0 ? 0 : 3 * ((cols + groupSize - 1) / groupSize)];
        random.nextBytes(scales);
        QuantizedMatrix matrix = new QuantizedMatrix(format, 3, cols, groupSize, codes, scales, new float[] {1, 1, 1});
        byte[][] rows = new byte[2][cols];
        for (byte[] row : rows) {
            for (int k = 0; k < cols; k++) {
                row[k] = (byte) (random.nextInt(255) - 127);
            }
        }
        long[][] accumulators = ReferenceBackend.multiply(matrix, rows);
        for (int i = 0; i < 2; i++) {
            for (int n = 0; n < 3; n++) {
                BigInteger sum = BigInteger.ZERO;
                for (int k = 0; k < cols; k++) {
                    int scale = groupSize == 0 ? 1 : scales[n * matrix.groups() + k / groupSize] & 0xff;
                    sum = sum.add(BigInteger.valueOf((long) codes[n * cols + k] * rows[i][k] * scale));
                }
                assertThat(accumulators[i][n]).isEqualTo(sum.longValueExact());
            }
        }
    }

    @Test
    void longRowsDoNotOverflow() {
        int cols = 200_000;
        byte[] codes = new byte[cols];
        java.util.Arrays.fill(codes, (byte) 127);
        CodedMatrix matrix = new QuantizedMatrix(WeightFormat.INT8, 1, cols, 0, codes, new byte[0], new float[] {1});
        assertThat(ReferenceBackend.multiply(matrix, new byte[][] {codes})[0][0])
                .isEqualTo(127L * 127 * cols);
    }

    /** y = float(acc) x (actScale x rowScale), the three roundings in this order. */
    @Test
    void resultsAreScaledByTheContractFormula() {
        LlamaModel model = RandomModel.of(RopePairing.ADJACENT, 2, 1, 4, true, 5);
        QuantizedModel quantized =
                new QuantizedModel(model, new Quantization(WeightFormat.INT8, 0, Quantization.Head.FLOAT));
        long huge = (1L << 25) + 3;
        QuantizedLinears linears = new QuantizedLinears(quantized, (region, layer, rows) -> {
            long[][] accumulators = new long[rows.length][region.outputs(model.config())];
            accumulators[0][7] = huge;
            return accumulators;
        });
        float[] x = new float[20];
        x[4] = 0.7f;
        float y = linears.apply(Region.O, 1, new float[][] {new float[8]})[0][7];
        float scale = 1e-5f / 127f * quantized.matrix(Region.O, 1).rowScale(7);
        assertThat(y).isEqualTo((float) huge * scale);
        y = linears.apply(Region.QKV, 0, new float[][] {x})[0][7];
        scale = 0.7f / 127f * quantized.matrix(Region.QKV, 0).rowScale(7);
        assertThat(y).isEqualTo((float) huge * scale);
    }

    @Test
    void regionsStackTheirMatricesInOrder() {
        LlamaModel model = RandomModel.of(RopePairing.ADJACENT, 4, 2, 4, false, 9);
        QuantizedModel quantized =
                new QuantizedModel(model, new Quantization(WeightFormat.INT8, 5, Quantization.Head.INT8));
        CodedMatrix qkv = quantized.matrix(Region.QKV, 1);
        assertThat(qkv.rows()).isEqualTo(Region.QKV.outputs(model.config())).isEqualTo(32);
        float[] k = model.layers().get(1).k().toArray();
        assertThat(qkv.weight(16, 3)).isCloseTo(k[3], org.assertj.core.api.Assertions.within(0.02));
        float[] up = model.layers().get(0).up().toArray();
        assertThat(quantized.matrix(Region.GATE_UP, 0).weight(30, 2))
                .isCloseTo(up[2], org.assertj.core.api.Assertions.within(0.02));
        assertThat(quantized.matrix(Region.HEAD, 0).groupSize()).isZero();
        assertThat(quantized.matrix(Region.HEAD, 0).weight(39, 1))
                .isCloseTo(model.head().toArray()[39 * 20 + 1], org.assertj.core.api.Assertions.within(0.02));
    }
}
