// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Errors of the functions in units in the last place of binary32 at the exact value: over all arguments in deep runs (two minutes of one processor), over
 * one of {@code -Dlutra.fp.step} else.
 */
class FloatFunctionDeepTest {
    private static final long STEP = Long.getLong("lutra.fp.step", Boolean.getBoolean("lutra.deep") ? 1 : 5_003);

    private interface Result {
        int of(int x);
    }

    private interface Exact {
        double of(double x);
    }

    /** The greatest error among arguments whose bits are from one to another number. */
    private static void check(String name, float from, float to, double bound, Result result, Exact exact) {
        double worst = 0;
        int at = 0;
        long last = Float.floatToIntBits(to) & 0xFFFFFFFFL;
        for (long bits = Float.floatToIntBits(from) & 0xFFFFFFFFL; bits <= last; bits += STEP) {
            int x = (int) bits;
            double wanted = exact.of(Float.intBitsToFloat(x));
            int exponent = Math.max(Math.getExponent(wanted), Float.MIN_EXPONENT);
            // Of infinity the error is infinite: no finite result may overflow.
            double ulps = Math.abs(Float.intBitsToFloat(result.of(x)) - wanted)
                    * Double.longBitsToDouble((long) (1023 + 23 - exponent) << 52);
            if (!(ulps <= worst)) {
                worst = ulps;
                at = x;
            }
        }
        assertThat(worst)
                .as("%s: %.4f ulp at %s (%#x)", name, worst, Float.intBitsToFloat(at), at)
                .isLessThan(bound);
    }

    /** All of which the exponential is neither 0 nor infinite. */
    @Test
    void exponential() {
        check("exp", 0, 88.722824f, 0.77, FloatFunctionModel::exponential, Math::exp);
        check("exp", -0f, -103.97208f, 0.77, FloatFunctionModel::exponential, Math::exp);
    }

    /** Negative arguments are the same with another sign, which normal tests see. */
    @Test
    void reciprocal() {
        check("1/x", Math.nextUp(0x1p-128f), Float.MAX_VALUE, 0.80, FloatFunctionModel::reciprocal, x -> 1 / x);
    }

    @Test
    void reciprocalRoot() {
        check(
                "1/sqrt",
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                0.64,
                FloatFunctionModel::reciprocalRoot,
                x -> 1 / Math.sqrt(x));
    }

    /** As far as e^-x is finite; below, the result is 0. */
    @Test
    void sigmoid() {
        check("sigmoid", 0, Float.MAX_VALUE, 2.75, FloatFunctionModel::sigmoid, x -> 1 / (1 + Math.exp(-x)));
        check("sigmoid", -0f, -88.722824f, 2.75, FloatFunctionModel::sigmoid, x -> 1 / (1 + Math.exp(-x)));
    }
}
