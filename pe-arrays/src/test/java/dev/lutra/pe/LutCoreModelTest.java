// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LutCoreModelTest {

    private final LutCoreModel model = new LutCoreModel(4, 32, 48);

    /** The worked example of the equations: codes [13, 2, 7, 8] are the weights [5, -6, -1, 0]. */
    @Test
    void workedExample() {
        int[] a = {3, -5, 7, 2};
        int[] q = {13, 2, 7, 8};
        byte[] w = {5, -6, -1, 0};
        WeightCode code = WeightCode.signed(4);
        for (int i = 0; i < 4; i++) assertThat(code.encode(w[i])).isEqualTo(q[i]);

        int[] table = LutCoreModel.table(a);
        assertThat(table).containsExactly(-7, -1, -17, -11, 7, 13, -3, 3);

        int[] nibbles = {0b0101, 0b0110, 0b0101, 0b1001};
        int[] mapped = {0b0101, 0b0110, 0b0101, 0b1110};
        int[] partial = {13, 7, 59, 83};
        int acc = 0;
        for (int b = 0; b < 4; b++) {
            int nibble = 0;
            for (int i = 0; i < 4; i++) nibble |= (q[i] >> b & 1) << i;
            assertThat(nibble).isEqualTo(nibbles[b]);
            assertThat(LutCoreModel.mapOffline(nibble, 4)).isEqualTo(mapped[b]);
            acc += LutCoreModel.lookup(table, mapped[b], 4) << b;
            assertThat(acc).isEqualTo(partial[b]);
        }
        int sumA = -table[0];
        assertThat(acc - code.zeroPoint() * sumA).isEqualTo(76);
        assertThat(model.multiply(new byte[][] {{3, -5, 7, 2}}, model.map(new byte[][] {w}, code, 0)))
                .isDeepEqualTo(new long[][] {{38}});
    }

    @Test
    void offlineMapOfAllNibblesIsItsOwnInverse() {
        int[] expected = {0, 1, 2, 3, 4, 5, 6, 7, 15, 14, 13, 12, 11, 10, 9, 8};
        for (int nibble = 0; nibble < 16; nibble++) {
            assertThat(LutCoreModel.mapOffline(nibble, 4)).isEqualTo(expected[nibble]);
            assertThat(LutCoreModel.mapOffline(expected[nibble], 4)).isEqualTo(nibble);
        }
    }

    /** A lookup is the dot product with +-1 that the unmapped code stands for, for every code and G. */
    @Property(tries = 200)
    void lookupIsTheBipolarDotProduct(@ForAll @IntRange(min = 2, max = 6) int g, @ForAll long seed) {
        Random random = new Random(seed);
        int[] a = random.ints(g, -127, 128).toArray();
        int[] table = LutCoreModel.table(a);
        for (int code = 0; code < 1 << g; code++) {
            int expected = 0;
            for (int k = 0; k < g; k++) expected += (code >> k & 1) == 1 ? a[k] : -a[k];
            assertThat(LutCoreModel.lookup(table, LutCoreModel.mapOffline(code, g), g))
                    .isEqualTo(expected);
        }
    }

    @Test
    void codesCoverTheirValues() {
        for (int bits = 2; bits <= 8; bits++) {
            WeightCode code = WeightCode.signed(bits);
            assertThat(code.encode(code.min())).isZero();
            assertThat(code.encode(code.max())).isEqualTo((1 << bits) - 1);
            assertThat(code.encode(0)).isEqualTo(1 << bits - 1);
        }
        assertThat(WeightCode.signed(1).encode(-1)).isZero();
        assertThat(WeightCode.signed(1).encode(1)).isEqualTo(1);
        assertThat(WeightCode.signed(1).contains(0)).isFalse();
        for (int w = -1; w <= 1; w++) assertThat(WeightCode.TERNARY.encode(w)).isEqualTo(w + 1);
    }

    /** Any shape, any code, with and without groups, against the sum it stands for. */
    @Property(tries = 400)
    void equalsTheDirectSum(
            @ForAll @IntRange(min = 0, max = 8) int bits, // 0: ternary
            @ForAll @IntRange(min = 1, max = 90) int k,
            @ForAll @IntRange(min = 0, max = 40) int group,
            @ForAll @IntRange(min = 2, max = 6) int g,
            @ForAll @IntRange(min = 0, max = 2) int extreme,
            @ForAll long seed) {
        Product product = Product.random(new Random(seed), code(bits), 2, 3, k, group, extreme);
        LutCoreModel model = new LutCoreModel(g, 32, 48);
        assertThat(model.multiply(
                        product.activations(), model.map(product.weights(), product.code(), group), product.scales()))
                .isDeepEqualTo(product.expected());
    }

    @Test
    void sumsAtTheEdgeOfTheAccumulator() {
        byte[][] a = {new byte[4096]};
        byte[][] w = {new byte[4096]};
        Arrays.fill(a[0], (byte) -127);
        Arrays.fill(w[0], (byte) -128);
        long expected = 127L * 128 * 4096; // just below 2^26; twice that just below 2^27
        assertThat(new LutCoreModel(4, 28, 27).multiply(a, model.map(w, WeightCode.signed(8), 0)))
                .isDeepEqualTo(new long[][] {{expected}});
        assertThatThrownBy(() -> new LutCoreModel(4, 27, 48).multiply(a, model.map(w, WeightCode.signed(8), 0)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("inner accumulator of row 0, column 0")
                .hasMessageContaining("27 bits");
        assertThatThrownBy(() -> new LutCoreModel(4, 32, 26).multiply(a, model.map(w, WeightCode.signed(8), 0)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("outer accumulator");
    }

    @Test
    void refusesWhatTheCoreCannotCompute() {
        LutCoreModel.Weights w = model.map(new byte[][] {{1, -1}}, WeightCode.signed(1), 0);
        assertThatThrownBy(() -> model.map(new byte[][] {{1, 1}, {1, 0}}, WeightCode.signed(1), 0))
                .hasMessageContaining("weight [1][1] = 0");
        assertThatThrownBy(() -> model.map(new byte[][] {{4}}, WeightCode.signed(3), 0))
                .hasMessageContaining("weight [0][0] = 4");
        assertThatThrownBy(() -> model.map(new byte[][] {{1, 1}, {1}}, WeightCode.signed(2), 0))
                .hasMessageContaining("row 1 has 1");
        assertThatThrownBy(() -> model.multiply(new byte[][] {{0, -128}}, w))
                .hasMessageContaining("activation [0][1] = -128");
        assertThatThrownBy(() -> model.multiply(new byte[][] {{0}}, w)).hasMessageContaining("row 0 has 1 values");
        assertThatThrownBy(() -> model.multiply(new byte[][] {{0, 0}}, w, new int[][] {{256}}))
                .hasMessageContaining("[0][0] = 256");
    }

    private static WeightCode code(int bits) {
        return bits == 0 ? WeightCode.TERNARY : WeightCode.signed(bits);
    }
}
