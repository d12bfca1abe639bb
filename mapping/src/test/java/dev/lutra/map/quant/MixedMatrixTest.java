// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lutra.pe.serial.SerialType;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixedMatrixTest {

    private static MixedMatrix quantize(MixedFormat format, float... row) {
        return MixedMatrix.quantize(new ArrayMatrix(1, row.length, row), format, 0, false);
    }

    private static int[] values(MixedMatrix matrix) {
        int[] values = new int[matrix.cols()];
        for (int c = 0; c < values.length; c++) {
            values[c] = matrix.value(0, c);
        }
        return values;
    }

    /** Halves: 5 is the special value of ER positive; of two values as near, the lower one. */
    @Test
    void theSpecialValueIsChosenWhereItHelps() {
        MixedMatrix matrix = quantize(MixedFormat.BITMOD4, 6, 5, 5, 5, 5, -6, 0.25f, -0.25f, 2.5f, -2.5f);
        assertThat(matrix.type(0, 0)).isEqualTo(SerialType.FP4_ER_POSITIVE);
        assertThat(values(matrix)).containsExactly(12, 10, 10, 10, 10, -12, 0, -1, 4, -6);
        assertThat(quantize(MixedFormat.BITMOD4, 6, -5, -5, -5, -6, 1).type(0, 0))
                .isEqualTo(SerialType.FP4_ER_NEGATIVE);
        assertThat(quantize(MixedFormat.BITMOD4, 8, -6, 4, 3, 1, -1).type(0, 0)).isEqualTo(SerialType.FP4_EA_POSITIVE);
        assertThat(values(quantize(MixedFormat.BITMOD3, -6, 4, 2, 1, -1, 0, -2)))
                .containsExactly(-12, 8, 4, 2, -2, 0, -4);
    }

    /** Values that every type has: the first in the order of the paper. */
    @Test
    void theFirstOfEqualTypesWins() {
        assertThat(quantize(MixedFormat.BITMOD4, 0, 0, 0).type(0, 0)).isEqualTo(SerialType.FP4_ER_POSITIVE);
        assertThat(quantize(MixedFormat.BITMOD3, 4, -4, 2, 1, 0).type(0, 0)).isEqualTo(SerialType.FP3_ER_POSITIVE);
    }

    @Test
    void asymmetricCodesSpanTheGroup() {
        MixedMatrix matrix = quantize(MixedFormat.INT3_ASYM, -2, 5, 0, 1.4f);
        assertThat(values(matrix)).containsExactly(-2, 5, 0, 1);
        assertThat(matrix.zero(0, 0)).isEqualTo(-2); // code 2 of 0..7, counted from the middle
        assertThat(values(quantize(MixedFormat.INT8_ASYM, 255, 0, 7))).containsExactly(255, 0, 7);
        assertThat(values(quantize(MixedFormat.INT4_SYM, 7, -7, 2.5f, 3.5f))).containsExactly(7, -7, 2, 4);
    }

    /** With integer scales every weight is near, and the integers times their scales are what the real value says. */
    @Property(tries = 60)
    void integerScalesKeepTheWeights(
            @ForAll MixedFormat format, @ForAll @IntRange(min = 16, max = 64) int group, @ForAll long seed) {
        Random random = new Random(seed);
        float[] w = new float[3 * 150];
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) random.nextGaussian() * (1 + i / 150);
        }
        MixedMatrix matrix = MixedMatrix.quantize(new ArrayMatrix(3, 150, w), format, group, true);
        byte[] a = new byte[150];
        random.nextBytes(a);
        short[] values = matrix.values();
        for (int r = 0; r < 3; r++) {
            long sum = 0;
            for (int c = 0; c < 150; c++) {
                int g = c / group;
                int integer = matrix.value(r, c) * matrix.groupScale(r, g);
                sum += (long) integer * a[c];
                assertThat(matrix.weight(r, c)).isCloseTo((double) integer * matrix.rowScale(r), within(1e-5));
                // The coarsest grid has steps of a third of the largest magnitude.
                assertThat(matrix.weight(r, c)).isCloseTo(w[r * 150 + c], within(1.0 * (1 + r)));
            }
            assertThat(matrix.accumulate(values, r, a)).isEqualTo(sum);
        }
    }

    @Test
    void refusesOtherGroups() {
        var one = new ArrayMatrix(1, 300, new float[300]);
        assertThatThrownBy(() -> MixedMatrix.quantize(one, MixedFormat.BITMOD4, 8, true))
                .hasMessageContaining("groups of 8 weights");
        assertThatThrownBy(() -> MixedMatrix.quantize(one, MixedFormat.BITMOD4, 257, true))
                .hasMessageContaining("groups of 257");
    }
}
