// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import static dev.lutra.hdl.lib.fp.FloatFormat.BFLOAT16;
import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY16;
import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY32;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The model: binary32 against Java's {@code float}, other formats against the definition of rounding. */
class FloatArithmeticTest {

    private static long bits(float value) {
        return Float.floatToIntBits(value) & 0xFFFFFFFFL;
    }

    @Test
    void binary32IsJavas() {
        long seed = Long.getLong("lutra.seed", new SplittableRandom().nextLong());
        var model = new FloatArithmetic(BINARY32);
        long[] some = FloatCases.boundaries(BINARY32);
        var random = FloatCases.random(BINARY32, new SplittableRandom(seed), 300_000);
        for (var pairs : List.of(FloatCases.pairs(some, some), random)) {
            for (long[] pair : pairs) {
                float a = Float.intBitsToFloat((int) pair[0]);
                float b = Float.intBitsToFloat((int) pair[1]);
                boolean same = model.add(pair[0], pair[1]) == bits(a + b)
                        && model.subtract(pair[0], pair[1]) == bits(a - b)
                        && model.multiply(pair[0], pair[1]) == bits(a * b)
                        && model.toInteger(pair[0], 32, true) == (int) a
                        && model.fromInteger(pair[0] << 17 ^ pair[1]) == bits((float) (pair[0] << 17 ^ pair[1]));
                assertThat(same).as("%s %s, -Dlutra.seed=%d", a, b, seed).isTrue();
            }
        }
    }

    /** Every number and every tie between two of them: the even one, and on each side the nearer one. */
    @Test
    void roundsToTheNearest() {
        for (var format : List.of(new FloatFormat(3, 2), BINARY16, BFLOAT16)) {
            for (long x = 0; x < format.infinity(); x++) {
                double value = format.decode(x);
                assertThat(format.encode(value)).isEqualTo(x);
                assertThat(format.encode(-value)).isEqualTo(x | format.signBit());
                double ulp = x + 1 < format.infinity() ? format.decode(x + 1) - value : value - format.decode(x - 1);
                double middle = value + ulp / 2;
                assertThat(format.encode(middle)).isEqualTo(x + (x & 1));
                assertThat(format.encode(Math.nextDown(middle))).isEqualTo(x);
                assertThat(format.encode(Math.nextUp(middle))).isEqualTo(x + 1);
            }
            for (long x = format.infinity() + 1; x < format.signBit(); x++) {
                assertThat(format.encode(format.decode(x))).isEqualTo(format.nan());
            }
        }
    }

    /** Sums by exact decimal arithmetic, rounded once: the model rounds bfloat16 twice. */
    @Test
    void sumsOfBfloat16AreRoundedOnce() {
        long seed = Long.getLong("lutra.seed", new SplittableRandom().nextLong());
        var model = new FloatArithmetic(BFLOAT16);
        for (long[] pair : FloatCases.random(BFLOAT16, new SplittableRandom(seed), 3000)) {
            double a = BFLOAT16.decode(pair[0]);
            double b = BFLOAT16.decode(pair[1]);
            if (!Double.isFinite(a) || !Double.isFinite(b)) continue;
            var exact = new BigDecimal(a).add(new BigDecimal(b));
            long sum = model.add(pair[0], pair[1]);
            double nearest = BFLOAT16.decode(sum);
            if (Double.isInfinite(nearest)) {
                assertThat(exact.abs().doubleValue()).isGreaterThanOrEqualTo(0x1.FFp127);
                continue;
            }
            var error = exact.subtract(new BigDecimal(nearest)).abs();
            for (long neighbour : new long[] {sum + 1, sum - 1}) {
                double other = BFLOAT16.decode(neighbour);
                if (!Double.isFinite(other) || (neighbour & BFLOAT16.signBit()) != (sum & BFLOAT16.signBit())) continue;
                int order =
                        error.compareTo(exact.subtract(new BigDecimal(other)).abs());
                assertThat(order < 0 || order == 0 && (sum & 1) == 0)
                        .as("%s + %s, -Dlutra.seed=%d", a, b, seed)
                        .isTrue();
            }
        }
    }
}
