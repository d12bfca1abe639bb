// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.math.BigInteger;
import java.util.Random;
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
