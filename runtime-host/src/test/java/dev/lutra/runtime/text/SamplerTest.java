// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lutra.machine.UserException;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.program.Choosing;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static float[] logits(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }

    private static int[] counts(Sampler sampler, float[] logits, int draws) {
        int[] counts = new int[logits.length];
        for (int i = 0; i < draws; i++) {
            counts[sampler.next(logits)]++;
        }
        return counts;
    }

    @Test
    void greedyTakesTheLowestOfEqualIds() {
        assertThat(new Sampler(0, 0, 0.5, 3).next(new float[] {1, 4, 2, 4})).isEqualTo(1);
    }

    @Test
    void temperatureOneFollowsTheProbabilities() {
        int[] counts = counts(new Sampler(1, 0, 1, 42), logits(0.5, 0.3, 0.2), 20_000);
        assertThat(counts[0] / 20_000.0).isCloseTo(0.5, within(0.02));
        assertThat(counts[1] / 20_000.0).isCloseTo(0.3, within(0.02));
    }

    @Test
    void lowerTemperatureSharpens() {
        // At temperature 1/2 probabilities are squared: 0.25 : 0.09 : 0.04.
        int[] counts = counts(new Sampler(0.5, 0, 1, 42), logits(0.5, 0.3, 0.2), 20_000);
        assertThat(counts[0] / 20_000.0).isCloseTo(0.25 / 0.38, within(0.02));
    }

    @Test
    void nucleusKeepsTheFewestTokensThatReachItsMass() {
        float[] logits = logits(0.1, 0.5, 0.3, 0.1);
        assertThat(counts(new Sampler(1, 0, 0.79, 1), logits, 5000))
                .satisfies(c -> assertThat(c[0] + c[3]).isZero());
        assertThat(counts(new Sampler(1, 0, 0.85, 1), logits, 5000)).satisfies(c -> {
            // Of the two with 0.1 the lower id is kept.
            assertThat(c[0]).isPositive();
            assertThat(c[3]).isZero();
        });
        assertThat(counts(new Sampler(1, 0, 1e-9, 1), logits, 100)[1]).isEqualTo(100);
    }

    @Test
    void onlyTheMostLikelyTokensAreDrawn() {
        float[] logits = logits(0.5, 0.3, 0.2);
        int[] counts = counts(new Sampler(1, 2, 1, 42), logits, 20_000);
        assertThat(counts[2]).isZero();
        assertThat(counts[0] / 20_000.0).isCloseTo(0.625, within(0.01));
        // the nucleus is one of what is left
        assertThat(counts(new Sampler(1, 2, 0.6, 42), logits, 100)[0]).isEqualTo(100);
        assertThat(new Sampler(1, 2, 0.6, 42).onDevice()).isEqualTo(Choosing.GREATEST);
        assertThat(new Sampler(1, 2, 1, 42).onDevice()).isEqualTo(Choosing.DRAWN_OF_BEST);
        assertThat(new Sampler(1, 0, 1, 42).onDevice()).isEqualTo(Choosing.DRAWN);
        assertThat(new Sampler(1, 0, 0.6, 42).onDevice()).isEqualTo(Choosing.DRAWN_OF_NUCLEUS);
        assertThat(new Sampler(0, 2, 1, 42).onDevice()).isEqualTo(Choosing.GREATEST);
        assertThat(new Sampler(0, 0, 0.6, 42).onDevice()).isEqualTo(Choosing.GREATEST);
    }

    /** Those of a device are the same numbers, of which the upper 23 bits are left. */
    @Test
    void aDeviceIsGivenNumbersOfTheSameGenerator() {
        Draws draws = new Sampler(0.5, 7, 1, 1234567).draws(2);
        assertThat(draws.inverse()).isEqualTo(2);
        assertThat(draws.kept()).hasToString("BEST");
        assertThat(draws.limit()).isEqualTo(7);
        assertThat(draws.uniforms())
                .containsExactly((6457827717110365317L >>> 41) * 0x1p-23f, (3203168211198807973L >>> 41) * 0x1p-23f);
    }

    @Test
    void aDeviceIsGivenTheNucleus() {
        Draws draws = new Sampler(0.5, 0, 0.9, 1).draws(1);
        assertThat(draws.kept()).hasToString("NUCLEUS");
        assertThat(draws.limit()).isEqualTo(0.9f);
        assertThat(new Sampler(0.5, 0, 1e-40, 1).draws(1).limit()).isEqualTo(0x1p-22f);
        assertThat(new Sampler(0.5, 0, 1, 1).draws(1).kept()).hasToString("BEST");
    }

    /** First outputs of SplitMix64 from seed 1234567, as published with the algorithm: 6457827717110365317, 3203168211198807973. */
    @Test
    void theGeneratorIsSplitMix64() {
        float[] flat = new float[1 << 16];
        Sampler sampler = new Sampler(1, 0, 1, 1234567);
        assertThat(sampler.next(flat)).isEqualTo((int) (6457827717110365317L >>> 48));
        assertThat(sampler.next(flat)).isEqualTo((int) (3203168211198807973L >>> 48));
    }

    @Test
    void extremesAreSampledWithoutAccident() {
        float huge = Float.MAX_VALUE;
        assertThat(new Sampler(0.001, 0, 0.9, 1).next(new float[] {-huge, huge, 0}))
                .isEqualTo(1);
        assertThat(new Sampler(1000, 0, 1, 1).next(new float[] {7})).isZero();
    }

    @Test
    void badValuesAreBadInput() {
        for (double[] bad : new double[][] {{-1, 1}, {Double.NaN, 1}, {1, 0}, {1, 1.1}, {1, Double.NaN}}) {
            assertThatThrownBy(() -> new Sampler(bad[0], 0, bad[1], 0)).isInstanceOf(UserException.class);
        }
        assertThatThrownBy(() -> new Sampler(1, -1, 1, 0)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new Sampler(0, 0, 1, 0).next(new float[] {1, Float.NaN}))
                .isInstanceOf(UserException.class);
    }
}
