// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packed products in plain Java: all operands, and the last sums that fit. */
class PackingTest {

    @ParameterizedTest
    @EnumSource(
            value = DspForm.class,
            names = {"DSP48E1", "DSP48E2"})
    void allPairsOfInt8(DspForm form) {
        var packing = form.packing(8, 1);
        long differ = 0;
        int[] x = new int[2];
        int[] shared = new int[1];
        // All of them in deep runs, both ends always.
        int step = Boolean.getBoolean("lutra.deep") ? 1 : 15;
        for (int y = -128; y < 128; y++) {
            shared[0] = y;
            for (int low = -128; low < 128; low++) {
                x[0] = low;
                for (int high = -128; high < 128; high += step) {
                    x[1] = high;
                    int[] fields = packing.fields(packing.product(x, shared));
                    if (fields[0] != low * y || fields[1] != high * y) differ++;
                }
            }
        }
        assertThat(differ).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = DspForm.class,
            names = {"DSP48E1", "DSP48E2"})
    void allFoursOfInt4(DspForm form) {
        var packing = form.packing(4, 1);
        assertThat(packing.products()).isEqualTo(4);
        for (int code = 0; code < 1 << 16; code++) {
            int[] x = {nibble(code), nibble(code >> 4)};
            int[] y = {nibble(code >> 8), nibble(code >> 12)};
            assertThat(packing.fields(packing.product(x, y)))
                    .containsExactly(x[0] * y[0], x[0] * y[1], x[1] * y[0], x[1] * y[1]);
        }
    }

    private static int nibble(int code) {
        return (code & 15) - (code & 8) * 2;
    }

    /** The packed operands fit the ports: 27 or 25 bits and 18. */
    @Test
    void operandsFitTheMultiplier() {
        for (int bits : new int[] {8, 4}) {
            long least = -(1L << bits - 1);
            for (var form : new DspForm[] {DspForm.DSP48E1, DspForm.DSP48E2}) {
                var p = form.packing(bits, 1);
                long x = (least << p.ys() * p.fieldBits()) + least;
                assertThat(x).isGreaterThanOrEqualTo(-(1L << (form == DspForm.DSP48E1 ? 24 : 26)));
                long y = p.ys() == 1 ? least : (least << p.fieldBits()) + least;
                assertThat(y).isGreaterThanOrEqualTo(-(1L << 17));
            }
        }
    }

    /** The limits of the page: chains without and between looks at the fields. */
    @Test
    void limits() {
        assertThat(limits(DspForm.DSP48E2, 8))
                .isEqualTo("2 products, 7 terms unadjusted, a look every 4, at most 32767");
        assertThat(limits(DspForm.DSP48E1, 8))
                .isEqualTo("2 products, 1 terms unadjusted, a look every 1, at most 65536");
        assertThat(limits(DspForm.DSP48E2, 4))
                .isEqualTo("4 products, 15 terms unadjusted, a look every 7, at most 255");
        assertThat(limits(DspForm.DSP48E1, 4))
                .isEqualTo("4 products, 7 terms unadjusted, a look every 3, at most 2047");
        assertThat(limits(DspForm.SB_MAC16, 8))
                .isEqualTo("2 products, 1 terms unadjusted, a look every 1, at most 65536");
        assertThat(limits(DspForm.SB_MAC16, 4))
                .isEqualTo("2 products, 511 terms unadjusted, a look every 256, at most 65536");
    }

    private static String limits(DspForm form, int bits) {
        var p = form.packing(bits, 1);
        return "%d products, %d terms unadjusted, a look every %d, at most %d"
                .formatted(p.products(), p.unadjusted(), p.span(), p.longest());
    }

    /** Sums of extreme products: exact up to the limit, wrong one term later. */
    @ParameterizedTest
    @EnumSource(
            value = DspForm.class,
            names = {"DSP48E1", "DSP48E2"})
    void theLimitIsSharp(DspForm form) {
        for (int bits : new int[] {8, 4}) {
            var p = form.packing(bits, 1);
            int least = -(1 << bits - 1);
            int[] x = new int[p.xs()];
            int[] y = new int[p.ys()];
            java.util.Arrays.fill(x, least);
            java.util.Arrays.fill(y, least);
            long product = p.product(x, y);
            int n = p.unadjusted();
            assertThat(p.fields(n * product)).containsOnly(n * p.greatestProduct());
            assertThat(p.fields((n + 1) * product)[0]).isNotEqualTo((n + 1) * p.greatestProduct());
            // The other end: all of the low fields negative.
            java.util.Arrays.fill(y, -1 - least);
            assertThat(p.fields(n * p.product(x, y))).containsOnly(n * least * (-1 - least));
        }
    }
}
