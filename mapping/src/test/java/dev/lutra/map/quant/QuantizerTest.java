// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lutra.map.model.TernaryMatrix;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuantizerTest {
    private static QuantizedMatrix quantize(WeightFormat format, int groupSize, float... row) {
        return Quantizer.quantize(new ArrayMatrix(1, row.length, row), format, groupSize);
    }

    private static int[] codes(QuantizedMatrix matrix) {
        int[] codes = new int[matrix.cols()];
        for (int c = 0; c < codes.length; c++) {
            codes[c] = matrix.code(0, c);
        }
        return codes;
    }

    @Test
    void tiesRoundToEven() {
        QuantizedMatrix matrix = quantize(WeightFormat.INT4, 0, 7, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -7);
        assertThat(matrix.rowScale(0)).isEqualTo(1f);
        assertThat(codes(matrix)).containsExactly(7, 0, 2, 2, 0, -2, -7);
    }

    @Test
    void ternaryUsesTheMeanMagnitude() {
        QuantizedMatrix matrix = quantize(WeightFormat.TERNARY, 0, 4, -1, 1, -2);
        assertThat(matrix.rowScale(0)).isEqualTo(2f);
        assertThat(codes(matrix)).containsExactly(1, 0, 0, -1);
    }

    @Test
    void int1HasNoZero() {
        QuantizedMatrix matrix = quantize(WeightFormat.INT1, 0, 3, -1, 0, -0f);
        assertThat(matrix.rowScale(0)).isEqualTo(1f);
        assertThat(codes(matrix)).containsExactly(1, -1, 1, 1);
        assertThat(quantize(WeightFormat.INT1, 2, 0, 0, 0).groupScale(0, 1)).isZero();
    }

    @Test
    void shortLastGroupIsScaledByItsRealElements() {
        QuantizedMatrix matrix = quantize(WeightFormat.INT4, 4, 7, 1, 1, 1, 2.8f, -2.8f);
        assertThat(matrix.groups()).isEqualTo(2);
        assertThat(matrix.groupScale(0, 0)).isEqualTo(255);
        assertThat(matrix.groupScale(0, 1)).isEqualTo(102);
        assertThat(matrix.rowScale(0)).isEqualTo(1f / 255);
        assertThat(codes(matrix)).containsExactly(7, 1, 1, 1, 7, -7);
    }

    @Test
    void aTinyGroupKeepsAScaleOfOneAndAnEmptyOneGetsZero() {
        QuantizedMatrix matrix = quantize(WeightFormat.INT4, 2, 700, 7, 0.5f, -0.9f, 0, 0);
        assertThat(matrix.groupScale(0, 1)).isEqualTo(1);
        assertThat(matrix.code(0, 3)).isEqualTo(-2);
        assertThat(matrix.groupScale(0, 2)).isZero();
    }

    @Test
    void rowsOfZerosAndOfSubnormalsAreZero() {
        for (int groupSize : new int[] {0, 2}) {
            for (WeightFormat format : WeightFormat.values()) {
                for (float value : new float[] {0, Float.MIN_VALUE, -1e-40f}) {
                    QuantizedMatrix matrix = quantize(format, groupSize, value, value, value);
                    assertThat(matrix.weight(0, 2)).isZero();
                }
            }
        }
    }

    @Test
    void storedTernaryKeepsItsCodes() {
        TernaryMatrix stored = new TernaryMatrix() {
            @Override
            public String name() {
                return "stored";
            }

            @Override
            public int rows() {
                return 2;
            }

            @Override
            public int cols() {
                return 3;
            }

            @Override
            public float scale() {
                return 0.3f;
            }

            @Override
            public void readCodes(int row, byte[] into) {
                into[0] = (byte) (row == 0 ? 1 : -1);
                into[1] = 0;
                into[2] = 0;
            }
        };
        for (int groupSize : new int[] {0, 2}) {
            QuantizedMatrix matrix = Quantizer.quantize(stored, WeightFormat.TERNARY, groupSize);
            assertThat(matrix.code(1, 0)).isEqualTo(-1);
            assertThat(matrix.code(0, 1)).isZero();
            assertThat(matrix.weight(0, 0)).isEqualTo(0.3f);
        }
        assertThat(Quantizer.quantize(stored, WeightFormat.INT4, 0).code(0, 0)).isEqualTo(7);
    }

    @Test
    void stackingKeepsEveryWeight() {
        Random random = new Random(7);
        QuantizedMatrix a = Quantizer.quantize(random(random, 2, 10), WeightFormat.INT3, 4);
        QuantizedMatrix b = Quantizer.quantize(random(random, 3, 10), WeightFormat.INT3, 4);
        QuantizedMatrix both = QuantizedMatrix.stack(List.of(a, b));
        assertThat(both.rows()).isEqualTo(5);
        for (int c = 0; c < 10; c++) {
            assertThat(both.weight(1, c)).isEqualTo(a.weight(1, c));
            assertThat(both.weight(4, c)).isEqualTo(b.weight(2, c));
        }
        QuantizedMatrix other = Quantizer.quantize(random(random, 2, 10), WeightFormat.INT3, 5);
        assertThatThrownBy(() -> QuantizedMatrix.stack(List.of(a, other))).hasMessageContaining("cannot stack");
    }

    @Test
    void codesThatTheFormatDoesNotHaveAreRefused() {
        assertThatThrownBy(() ->
                        new QuantizedMatrix(WeightFormat.INT1, 1, 1, 0, new byte[] {0}, new byte[0], new float[] {1}))
                .hasMessageContaining("code 0");
        assertThatThrownBy(() -> new QuantizedMatrix(
                        WeightFormat.INT8, 1, 1, 0, new byte[] {-128}, new byte[0], new float[] {1}))
                .hasMessageContaining("code -128");
    }

    /** Half a step of rounding, plus what limiting the code costs where the integer group scale is a little small. */
    @Property(tries = 300)
    void errorIsAtMostHalfAStepAndTheClippedRest(
            @ForAll @IntRange(min = 2, max = 8) int bits,
            @ForAll @IntRange(min = 0, max = 9) int groupSize,
            @ForAll @IntRange(min = 1, max = 40) int cols,
            @ForAll long seed) {
        WeightFormat format = WeightFormat.ofBits(bits);
        ArrayMatrix real = random(new Random(seed), 2, cols);
        QuantizedMatrix matrix = Quantizer.quantize(real, format, groupSize);
        for (int r = 0; r < 2; r++) {
            for (int c = 0; c < cols; c++) {
                int group = groupSize == 0 ? 0 : c / groupSize;
                double step = (double) matrix.groupScale(r, group) * matrix.rowScale(r);
                double rest = Math.max(0, Math.abs(real.values()[r * cols + c]) - format.maxCode() * step);
                assertThat(matrix.weight(r, c))
                        .isCloseTo(real.values()[r * cols + c], within(Math.max(step / 2, rest) * 1.0001));
                assertThat(rest).isLessThanOrEqualTo(format.maxCode() * matrix.rowScale(r) * 0.5001);
            }
        }
    }

    private static ArrayMatrix random(Random random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(6)));
        }
        return new ArrayMatrix(rows, cols, values);
    }
}
